using System.Text.Json.Serialization;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Sampling;

namespace Tweedie.Experiments.Cells;

/// <summary>The captions of the test images under one sampling and decoding, and their scores.</summary>
/// <param name="Steps">Number of sampling steps.</param>
/// <param name="Decode">Decoding.</param>
/// <param name="Control">Whether this is the noise-only control.</param>
/// <param name="Captions">One caption per image, in the test set's order.</param>
/// <param name="Bleu4">BLEU-4, 0 to 1.</param>
/// <param name="RougeL">ROUGE-L, 0 to 1.</param>
/// <param name="CiderD">CIDEr-D, 0 to 10.</param>
/// <param name="Right">For generated scenes, one character per image: 1 where the caption says exactly what the image shows. Else null.</param>
public sealed record CaptionSet(
    int Steps, DecodeKind Decode, bool Control, IReadOnlyList<string> Captions, double Bleu4, double RougeL, double CiderD, string? Right)
{
    /// <summary>Whether each caption is right in meaning; null where that cannot be told.</summary>
    [JsonIgnore]
    public bool[]? RightMeaning => Right is null ? null : [.. Right.Select(mark => mark == '1')];

    internal static CaptionSet Of(EvaluationRow row, ICaptionSource source)
    {
        var quality = row.Metric<CaptionQuality>();
        var marks = quality.RightMeaning is null ? null : string.Concat(quality.Captions.Select(
            entry => SceneMeaning.RightShare([entry.Caption], [source.GetCaptions(entry.Index)[0]]) > 0 ? '1' : '0'));
        return new(row.Sampling!.Steps!.Value, row.Decode!.Value, row.Sampling.Control, [.. quality.Captions.Select(entry => entry.Caption)],
            quality.Scores.Bleu.Score(4), quality.Scores.RougeL, quality.Scores.CiderD, marks);
    }
}
