using Tweedie.Evaluation;
using static TorchSharp.torch;

namespace Tweedie.Experiments.Cells;

/// <summary>Which rows are right in all of their tokens.</summary>
/// <param name="read">Reads the right row of an item.</param>
internal sealed class RightRows(Func<int, long[]> read) : IMetric
{
    private readonly SortedDictionary<int, char> _marks = [];

    /// <summary>One character per item in the order of the data: 1 where the row is right, else 0.</summary>
    public string Marks => string.Concat(_marks.Values);

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        using var scope = NewDisposeScope();
        var length = (int)batch.Tokens.shape[1];
        var tokens = batch.Tokens.cpu().data<long>().ToArray();
        foreach (var (item, index) in batch.Indices.Index())
            _marks[index] = tokens.AsSpan(item * length, length).SequenceEqual(read(index)) ? '1' : '0';
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();
}
