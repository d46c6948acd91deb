using Tweedie.Tensors;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>How many problems are solved: <c>exactRows</c> and <c>exactTokens</c> (<see cref="SolvedRows"/>).</summary>
/// <param name="rows">The problems with their solutions.</param>
public sealed class SolvedProblems(ITokenRowSource rows) : IMetric
{
    private readonly SolvedRows _solved = new();

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        using var scope = NewDisposeScope();
        var (solutions, known) = RowTensors.Read(rows, epoch: 0, batch.Indices);
        _solved.Add(batch.Tokens.cpu(), solutions, known!);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => _solved.Values();
}
