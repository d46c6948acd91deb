namespace Tweedie.Metrics;

/// <summary>The scores of a set of generated captions against human ones, as coco-caption computes them (Chen et al. 2015).</summary>
/// <param name="Bleu">BLEU's counts; <see cref="BleuStatistics.Score"/> gives BLEU-1..4, in [0, 1].</param>
/// <param name="RougeL">ROUGE-L, in [0, 1].</param>
/// <param name="CiderD">CIDEr-D, in [0, 10]; depends on the set of images.</param>
/// <param name="Diversity">Lengths and variety of the generated captions.</param>
public sealed record CaptionScores(BleuStatistics Bleu, double RougeL, double CiderD, CaptionDiversity Diversity)
{
    /// <summary>What a reader of the scores should know, in one sentence; null where there is nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Scores a set of captions.</summary>
    /// <exception cref="TweedieException">There is no caption.</exception>
    public static CaptionScores Of(IReadOnlyCollection<TokenizedCaption> captions)
    {
        if (captions.Count == 0)
            throw new TweedieException("There are no captions to score; give at least one with its references.");
        return new CaptionScores(
            Metrics.Bleu.Evaluate(captions), Metrics.RougeL.Evaluate(captions), Metrics.CiderD.Evaluate(captions).Average(),
            CaptionDiversity.Of([.. captions.Select(caption => caption.Candidate)]))
        {
            Note = captions.Count == 1 ? "CIDEr-D of one image is 0 by definition, whatever its caption: it counts only words that other images lack." : null,
        };
    }
}
