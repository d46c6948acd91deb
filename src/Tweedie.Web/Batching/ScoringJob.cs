using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Web.Batching;

/// <summary>Rows whose likelihood is estimated. Jobs are not joined: a request's rows are a batch already.</summary>
/// <param name="model">The model.</param>
/// <param name="image">The prepared image (1, C, H, W) that all rows are about; null for a model that takes none. The job disposes of it.</param>
/// <param name="rows">The rows of N ids.</param>
/// <param name="known">For each row, the number of tokens from its beginning that are known; their nats are not counted.</param>
/// <param name="options">How it is estimated.</param>
/// <param name="repeats">Estimates of each row, from other noise each; their spread tells the error.</param>
/// <param name="cancellation">Says that nobody waits for it any more.</param>
internal sealed class ScoringJob(
    TokenModel model, Tensor? image, IReadOnlyList<long[]> rows, IReadOnlyList<int> known, LikelihoodOptions options, int repeats, CancellationToken cancellation) : Job(cancellation)
{
    private readonly CancellationToken _cancellation = cancellation;
    private readonly TaskCompletionSource<IReadOnlyList<IReadOnlyList<double[]>>> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <inheritdoc/>
    public override object Key => this;

    /// <inheritdoc/>
    public override int Rows => rows.Count;

    /// <summary>For each row, the nats of each token in each estimate.</summary>
    public Task<IReadOnlyList<IReadOnlyList<double[]>>> Result => _result.Task;

    /// <inheritdoc/>
    public override void Fail(Exception error)
    {
        image?.Dispose();
        _result.TrySetException(error);
        _ = _result.Task.Exception; // it may be that nobody waits for it
    }

    /// <inheritdoc/>
    public override void Compute(IReadOnlyList<Job> batch)
    {
        using var scope = NewDisposeScope();
        var condition = image is null ? model.Unconditional(1) : model.Encode(image);
        image?.Dispose();
        var (length, estimates) = (rows[0].Length, new List<IReadOnlyList<double[]>>());
        foreach (var (number, row) in rows.Index())
        {
            using var rowScope = NewDisposeScope();
            var tokens = tensor(row, [1, length]).expand(repeats, -1).contiguous();
            var isKnown = known[number] == 0 ? null
                : tensor([.. Enumerable.Range(0, length).Select(place => place < known[number])], [1, length]).expand(repeats, -1).contiguous();
            long[] items = [.. Enumerable.Range(0, repeats).Select(repeat => (long)number * repeats + repeat)];
            estimates.Add(model.Likelihood(condition.expand(repeats, -1, -1).contiguous(), tokens, options, items, isKnown, _cancellation).Tokens);
        }
        _ = _result.TrySetResult(estimates);
    }
}
