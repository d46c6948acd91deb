using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tensors;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>The likelihood of rows of tokens under a model that predicts them from nothing (docs/likelihood.md).</summary>
public static class RowLikelihood
{
    /// <summary>−log p of rows, or an upper bound of it. Of problems, it is that of the open tokens given the known ones (<see cref="TokenModel.Likelihood"/>).</summary>
    /// <param name="model">The model.</param>
    /// <param name="rows">The rows, such as windows of a text.</param>
    /// <param name="most">The most rows that are measured, spread evenly over all of them.</param>
    /// <param name="options">How it is estimated.</param>
    /// <param name="progress">Receives the number of rows that are measured.</param>
    /// <param name="cancellation">Checked before each pass of the network.</param>
    /// <exception cref="TweedieException">An option has no use for the model, rows are problems and the model was not trained to see known tokens, or a row has a token that is not told.</exception>
    /// <exception cref="InvalidOperationException">The model has a condition.</exception>
    public static LikelihoodEstimate Measure(
        TokenModel model, ITokenRowSource rows, int most = int.MaxValue, LikelihoodOptions? options = null, IProgress<int>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rows);
        var chosen = options ?? new();
        return Measure(model, rows, [.. RowTensors.Spread(rows, most).Chunk(chosen.BatchSize)], chosen, progress, cancellation);
    }

    /// <summary>−log p of batches of rows, or an upper bound of it.</summary>
    internal static LikelihoodEstimate Measure(
        TokenModel model, ITokenRowSource rows, int[][] batches, LikelihoodOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        var estimate = new LikelihoodEstimate(model.Process.Bound(options).Draws);
        var measured = 0;
        foreach (var indices in batches)
        {
            using var scope = NewDisposeScope();
            var (tokens, known) = RowTensors.Read(rows, epoch: 0, indices);
            estimate.Add(model.Likelihood(model.Unconditional(indices.Length), tokens, options, [.. indices.Select(index => (long)index)], known, cancellation));
            progress?.Report(measured += indices.Length);
        }
        return estimate;
    }
}
