using Tweedie.Diffusion;

namespace Tweedie.Evaluation;

/// <summary>Accuracy of one sampling setting. The sampling fields are null for a linear classifier.</summary>
/// <param name="Steps">Number of sampling steps.</param>
/// <param name="Guidance">Guidance scale.</param>
/// <param name="ToOne">To-one rule.</param>
/// <param name="Decode">Decoding.</param>
/// <param name="Control">Whether this is the noise-only control.</param>
/// <param name="Top1">Share of images whose prediction is right, 0 to 1.</param>
/// <param name="Top5">Share of images whose label is among the five most probable, 0 to 1.</param>
/// <param name="Seconds">Time of sampling, without the encoder, shared by the decodings of one trajectory.</param>
public sealed record ClassificationResult(
    int? Steps, double? Guidance, ToOneKind? ToOne, DecodeKind? Decode, bool? Control, double Top1, double Top5, double Seconds)
{
    /// <summary>A short name for logs, such as <c>top1.20steps.consensus</c>.</summary>
    public string Name => Steps is null ? "top1.linear" : $"top1.{Steps}steps.{(Control == true ? "control." : "")}{Decode}".ToLowerInvariant();
}
