using Tweedie.Diffusion;
using Tweedie.Evaluation.Captions;

namespace Tweedie.Evaluation;

/// <summary>The captions and scores of one sampling setting.</summary>
/// <param name="Steps">Number of sampling steps.</param>
/// <param name="Guidance">Guidance scale.</param>
/// <param name="ToOne">To-one rule.</param>
/// <param name="Decode">Decoding.</param>
/// <param name="Control">Whether this is the noise-only control.</param>
/// <param name="Captions">One caption an image that could be read, in the source's order.</param>
/// <param name="Scores">The scores against all references.</param>
/// <param name="RightMeaning">For generated scenes, the share of captions that say exactly what the image shows, 0 to 1.</param>
/// <param name="Seconds">Time of sampling, without the encoder, shared by the decodings of one trajectory.</param>
public sealed record CaptionEvaluation(
    int Steps, double Guidance, ToOneKind ToOne, DecodeKind Decode, bool Control, IReadOnlyList<string> Captions, CaptionScores Scores,
    double? RightMeaning, double Seconds);
