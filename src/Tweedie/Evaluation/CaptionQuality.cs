using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;

namespace Tweedie.Evaluation;

/// <summary>
/// The captions of a data set, and how close they are to the human captions: <c>bleu1</c> to <c>bleu4</c>, <c>rougeL</c>, <c>ciderD</c>, and <c>repeats</c>, the share of words that are the same as the word before; for generated scenes
/// also <c>rightMeaning</c>, the share of captions that say exactly what the image shows.
/// </summary>
/// <param name="captioner">Turns tokens into sentences.</param>
/// <param name="source">The images and their captions.</param>
public sealed class CaptionQuality(ImageCaptioner captioner, ICaptionSource source) : IMetric
{
    private readonly List<(int Index, string Caption)> _captions = [];
    private CaptionScores? _scores;

    /// <summary>One caption per image that could be read, with the source's index of the image.</summary>
    public IReadOnlyList<(int Index, string Caption)> Captions => _captions;

    /// <summary>The scores against all references.</summary>
    public CaptionScores Scores => _scores ??= CaptionScores.Of([.. _captions.Select(entry => TokenizedCaption.Of(entry.Caption, source.GetCaptions(entry.Index)))]);

    /// <summary>For generated scenes, the share of captions that say exactly what the image shows, 0 to 1; else null.</summary>
    public double? RightMeaning => SceneMeaning.RightShare([.. _captions.Select(entry => entry.Caption)], [.. _captions.Select(entry => source.GetCaptions(entry.Index)[0])]);

    /// <inheritdoc/>
    public void Add(PredictedBatch batch) => _captions.AddRange(batch.Indices.Zip(captioner.Sentences(batch.Tokens)));

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values()
    {
        var values = Enumerable.Range(1, 4).ToDictionary(n => $"bleu{n}", Scores.Bleu.Score);
        (values["rougeL"], values["ciderD"], values["repeats"]) = (Scores.RougeL, Scores.CiderD, Scores.Diversity.Repeats);
        if (RightMeaning is { } right)
            values["rightMeaning"] = right;
        return values;
    }
}
