using Tweedie.Metrics;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>
/// How real and how varied generated texts or rows are: <c>overlap1</c> to <c>overlap3</c>, <c>distinct2</c>, <c>different</c>, <c>entropy</c>, and <c>legal</c>
/// where a law tells which rows can be (<see cref="GenerationScores"/>). <see cref="RealRows"/> makes it.
/// </summary>
public sealed class GenerationQuality : IMetric
{
    private readonly RealRows _real;
    private readonly List<IReadOnlyList<string>> _sequences = [];
    private int _legal;

    internal GenerationQuality(RealRows real) => _real = real;

    /// <summary>The scores.</summary>
    public GenerationScores Scores => GenerationScores.Of(_sequences, _real.Reference);

    /// <summary>The share of rows that the law of the data can produce, 0 to 1; null where no law is known.</summary>
    public double? Legal => _real.HasLaw ? (double)_legal / Math.Max(1, _sequences.Count) : null;

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var tokens = batch.Tokens.to(int64).cpu().contiguous();
        foreach (var row in tokens.data<long>().ToArray().Chunk((int)tokens.shape[1]))
            Add(row);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values()
    {
        var scores = Scores;
        var values = Legal is { } legal ? new Dictionary<string, double> { ["legal"] = legal } : [];
        foreach (var (index, share) in scores.Overlap.Index())
            values[$"overlap{index + 1}"] = share;
        (values["distinct2"], values["different"], values["entropy"]) = (scores.Distinct2, scores.Different, scores.Entropy);
        return values;
    }

    /// <summary>Adds a row of ids.</summary>
    internal void Add(long[] row)
    {
        _sequences.Add(_real.Symbols(row));
        _legal += _real.IsLegal(row) ? 1 : 0;
    }
}
