using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>How many attributes of images are right: <c>exactRows</c>, images with all their attributes right, and <c>exactTokens</c>, single attributes.</summary>
/// <param name="source">The images with their attributes.</param>
public sealed class AttributeAccuracy(IAnnotatedSource source) : IMetric
{
    private readonly SolvedRows _solved = new();

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var rows = new long[batch.Indices.Count * source.Columns.Count];
        for (var item = 0; item < batch.Indices.Count; item++)
            source.ReadRow(batch.Indices[item], rows.AsSpan(item * source.Columns.Count, source.Columns.Count));
        var solutions = tensor(rows, [batch.Indices.Count, source.Columns.Count]);
        _solved.Add(batch.Tokens.cpu(), solutions, zeros_like(solutions, @bool));
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => _solved.Values();
}
