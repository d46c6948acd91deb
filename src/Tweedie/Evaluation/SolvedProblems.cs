using Tweedie.Images;
using Tweedie.Tensors;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>How many rows are right, and how many of their tokens that were not known: <c>exactRows</c> and <c>exactTokens</c> (<see cref="SolvedRows"/>).</summary>
public sealed class SolvedProblems : IMetric
{
    private readonly SolvedRows _solved = new();
    private readonly Func<IReadOnlyList<int>, (Tensor Solutions, Tensor Known)> _read;

    /// <summary>Measures problems, such as puzzles.</summary>
    /// <param name="rows">The problems with their solutions.</param>
    public SolvedProblems(ITokenRowSource rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        _read = indices => RowTensors.Read(rows, epoch: 0, indices) is (var solutions, { } known) ? (solutions, known)
            : throw new InvalidOperationException($"'{rows.Name}' does not say which tokens are known.");
    }

    /// <summary>Measures the attributes of images, of which none is known.</summary>
    /// <param name="images">The images with their attributes.</param>
    public SolvedProblems(IAnnotatedSource images)
    {
        ArgumentNullException.ThrowIfNull(images);
        _read = indices =>
        {
            var rows = new long[indices.Count * images.Columns.Count];
            for (var item = 0; item < indices.Count; item++)
                images.ReadRow(indices[item], rows.AsSpan(item * images.Columns.Count, images.Columns.Count));
            var solutions = tensor(rows, [indices.Count, images.Columns.Count]);
            return (solutions, zeros_like(solutions, @bool));
        };
    }

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (solutions, known) = _read(batch.Indices);
        _solved.Add(batch.Tokens.cpu(), solutions, known);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => _solved.Values();
}
