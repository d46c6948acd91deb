using System.Threading.Channels;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using Tweedie.Tokens;
using Tweedie.Web.Models;
using static TorchSharp.torch;

namespace Tweedie.Web.Batching;

/// <summary>
/// One image, text or row that is to be denoised. What is computed with it in a batch changes nothing of its result beyond rounding: its noise follows from seeds of its own.
/// </summary>
internal sealed class DenoisingJob : Job
{
    private readonly ServedKind _kind;
    private readonly Asked _asked;
    private readonly BatchKey _key;
    private readonly Channel<StepSnapshot>? _steps;
    private readonly TaskCompletionSource<Denoised> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Makes a job, which owns the image.</summary>
    /// <param name="kind">The model.</param>
    /// <param name="asked">What is asked.</param>
    /// <param name="sampling">How it is sampled, complete.</param>
    /// <param name="streamed">Candidates per token of the steps that are streamed; null where they are not.</param>
    /// <param name="cancellation">Says that nobody waits for it any more.</param>
    public DenoisingJob(ServedKind kind, Asked asked, SamplingOptions sampling, int? streamed, CancellationToken cancellation) : base(cancellation)
    {
        (_kind, _asked, Top) = (kind, asked, streamed ?? 0);
        _key = BatchKey.Of(sampling, asked.Known is not null, this);
        _steps = streamed is null ? null : Channel.CreateUnbounded<StepSnapshot>(new() { SingleReader = true, SingleWriter = true });
    }

    /// <inheritdoc/>
    public override object Key => _key;

    /// <inheritdoc/>
    public override int Rows => _asked.Seeds.Count;

    /// <summary>Candidates per token of the steps.</summary>
    public int Top { get; }

    /// <summary>The steps of a streamed job, of one row each. Their number is limited before a job is made.</summary>
    public ChannelReader<StepSnapshot> Steps => _steps!.Reader;

    /// <summary>The result.</summary>
    public Task<Denoised> Result => _result.Task;

    /// <inheritdoc/>
    public override void Fail(Exception error)
    {
        _asked.Image?.Dispose();
        _steps?.Writer.TryComplete(error);
        _result.TrySetException(error);
        _ = _result.Task.Exception; // it may be that nobody waits for it
    }

    /// <inheritdoc/>
    public override void Compute(IReadOnlyList<Job> batch)
    {
        using var scope = NewDisposeScope();
        DenoisingJob[] jobs = [.. batch.Cast<DenoisingJob>()];
        var (sampling, model) = (_key.Sampling, _kind.Model);
        var condition = Condition(jobs);
        using var constraint = !_key.HasKnown ? null : _kind.Constrain([.. jobs.Select(job => job._asked.Known!)]);
        if (_kind.IsLinear)
        {
            Complete(jobs, condition, _kind.ReadOff(condition), steps: 0);
            return;
        }
        using var decoding = new Decoding([sampling.Decode!.Value], _kind.WantsDistributions);
        var (taken, top) = (0, jobs.Max(job => job.Top));
        var streamed = jobs.Any(job => job._steps is not null);
        foreach (var step in model.Denoise(condition, model.Reverse(sampling), [.. jobs.SelectMany(job => job._asked.Seeds)], constraint, CancellationToken.None))
        {
            decoding.Add(step);
            taken = step.Index + 1;
            if (streamed)
                Show(jobs, step.Snapshot(top));
            if (jobs.All(job => job.IsGone))
            {
                foreach (var job in jobs)
                    job.Fail(new OperationCanceledException());
                return;
            }
        }
        var distributions = _kind.WantsDistributions ? decoding.Probabilities(sampling.Decode.Value) : null;
        Complete(jobs, condition, new(decoding.Tokens(sampling.Decode.Value), distributions), taken);
    }

    // The condition tokens of the jobs' images, (B, M, d).
    private Tensor Condition(DenoisingJob[] jobs)
    {
        if (_asked.Image is null)
            return _kind.Model.Unconditional(jobs.Length);
        using var images = cat([.. jobs.Select(job => job._asked.Image!)], 0);
        foreach (var job in jobs)
            job._asked.Image!.Dispose();
        return _kind.Model.Encode(images);
    }

    // Gives each streamed job its own row of a step.
    private void Show(DenoisingJob[] jobs, StepSnapshot step)
    {
        var row = 0;
        foreach (var job in jobs)
        {
            if (job._steps is { } steps && !_kind.EndsBefore(step.Tokens[row], step.Index, _key.Sampling))
            {
                var isLast = step.IsLast || _kind.EndsBefore(step.Tokens[row], step.Index + 1, _key.Sampling);
                _ = steps.Writer.TryWrite(step with
                {
                    IsLast = isLast,
                    Tokens = [step.Tokens[row]],
                    Hidden = step.Hidden is null ? null : [isLast ? new bool[step.Hidden[row].Length] : step.Hidden[row]],
                    Entries = job.Top == 0 ? [] : [[.. step.Entries[row].Select(entries => entries[..Math.Min(job.Top, entries.Length)])]],
                    Probabilities = job.Top == 0 ? [] : [[.. step.Probabilities[row].Select(shares => shares[..Math.Min(job.Top, shares.Length)])]],
                });
            }
            row += job.Rows;
        }
    }

    private void Complete(DenoisingJob[] jobs, Tensor condition, Prediction prediction, int steps)
    {
        long row = 0;
        foreach (var (item, job) in jobs.Index())
        {
            using var itemScope = NewDisposeScope();
            var tokens = prediction.Tokens.narrow(0, row, job.Rows);
            var chosen = job.Rows == 1 || _kind.WantsDistributions ? tokens.narrow(0, 0, 1) : _kind.Choose(tokens, condition.narrow(0, item, 1), _key.Sampling);
            long[][] rows = [.. RowsOf<long>(tokens)];
            var distributions = prediction.Distributions is null ? null : RowsOf<float>(prediction.Distributions.narrow(0, row, job.Rows).squeeze(1)).ToArray();
            job._steps?.Writer.TryComplete();
            _ = job._result.TrySetResult(new(rows, RowsOf<long>(chosen).Single(), distributions, rows.Max(own => _kind.StepsOf(own, steps, _key.Sampling))));
            row += job.Rows;
        }
    }

    private static IEnumerable<T[]> RowsOf<T>(Tensor rows) where T : unmanaged
    {
        using var own = rows.cpu().contiguous();
        return own.data<T>().ToArray().Chunk((int)rows.shape[1]);
    }

    /// <summary>What jobs have in common that are computed together: all of the sampling but the seed, and whether tokens are known.</summary>
    /// <param name="Sampling">How they are sampled, complete, with seed 0.</param>
    /// <param name="HasKnown">Whether tokens are known: then the levels of a step differ between its tokens.</param>
    /// <param name="Alone">The job that is computed alone, because others would change the step at which it stops; null for most.</param>
    private sealed record BatchKey(SamplingOptions Sampling, bool HasKnown, DenoisingJob? Alone)
    {
        public static BatchKey Of(SamplingOptions sampling, bool hasKnown, DenoisingJob job) =>
            new(sampling with { Seed = 0 }, hasKnown, sampling is { StopWhenStable: > 0 } or { Beams: > 1 } ? job : null);
    }

    /// <summary>What is asked about one item.</summary>
    /// <param name="Image">The prepared image (1, C, H, W); null for a model that takes none. The job disposes of it.</param>
    /// <param name="Seeds">The seed of each draw.</param>
    /// <param name="Known">The row of N ids, <see cref="ITokenRowSource.Missing"/> where nothing is known; null where nothing is known at all.</param>
    internal sealed record Asked(Tensor? Image, IReadOnlyList<long> Seeds, long[]? Known = null);

    /// <summary>Predicted tokens (B·draws, N), and their distributions (B·draws, N, K) where the kind wants them.</summary>
    internal sealed record Prediction(Tensor Tokens, Tensor? Distributions);
}

/// <summary>What a job came to.</summary>
/// <param name="Rows">The tokens of each draw.</param>
/// <param name="Chosen">The tokens of the draw that is the answer.</param>
/// <param name="Distributions">The distribution of each draw over the classes; null for models of several tokens.</param>
/// <param name="Steps">Steps that were taken.</param>
internal sealed record Denoised(long[][] Rows, long[] Chosen, float[][]? Distributions, int Steps);
