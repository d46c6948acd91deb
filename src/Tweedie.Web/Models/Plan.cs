using Tweedie.Sampling;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;
using static TorchSharp.torch;

namespace Tweedie.Web.Models;

/// <summary>How a request is answered: what is denoised, and what becomes of it.</summary>
/// <param name="Items">The images, texts or rows.</param>
/// <param name="Sampling">How they are sampled, complete.</param>
/// <param name="Top">Candidates per token of streamed steps.</param>
/// <param name="Render">Makes a result of what an item came to.</param>
internal sealed record Plan(IReadOnlyList<DenoisingJob.Asked> Items, SamplingOptions Sampling, int Top, Func<Denoised, object> Render)
{
    /// <summary>How texts of several parts are written; null for others.</summary>
    public LongPlan? Long { get; init; }

    /// <summary>Disposes of the images of a plan that is not carried out.</summary>
    public void Release()
    {
        foreach (var item in Items)
            item.Image?.Dispose();
    }
}

/// <summary>How texts of several parts are written.</summary>
/// <param name="Count">The number of texts.</param>
/// <param name="Parts">The number of parts.</param>
/// <param name="Write">Writes all, given a way to denoise items, and shows the first text after each part. It runs on a thread of its own.</param>
internal sealed record LongPlan(
    int Count, int Parts, Func<Func<IReadOnlyList<DenoisingJob.Asked>, IReadOnlyList<Denoised>>, Action<StepEvent>, IReadOnlyList<object>> Write);

/// <summary>How a request for likelihoods is answered.</summary>
/// <param name="Image">The prepared image (1, C, H, W); null for a model that takes none.</param>
/// <param name="Rows">The rows of all texts.</param>
/// <param name="Known">For each row, the number of its first tokens that are known.</param>
/// <param name="Options">How they are estimated.</param>
/// <param name="Repeats">Estimates of each row.</param>
/// <param name="Render">Makes the results of the nats of each token in each estimate of each row.</param>
internal sealed record ScoringPlan(
    Tensor? Image, IReadOnlyList<long[]> Rows, IReadOnlyList<int> Known, LikelihoodOptions Options, int Repeats,
    Func<IReadOnlyList<IReadOnlyList<double[]>>, IReadOnlyList<object>> Render);
