using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Measures the predictions of a data set under one setting, batch by batch.</summary>
public interface IMetric
{
    /// <summary>Whether it needs distributions; they are computed only where a metric needs them.</summary>
    bool NeedsProbabilities => false;

    /// <summary>Receives each step of the trajectories, before the batch's predictions.</summary>
    /// <param name="shown">The step, of B·draws items: the draws of an item stand side by side.</param>
    /// <param name="indices">The data set's index of each of the B items.</param>
    void Observe(DenoisingStep shown, IReadOnlyList<int> indices) { }

    /// <summary>Adds the predictions of a batch.</summary>
    void Add(PredictedBatch batch);

    /// <summary>The measured numbers by name, such as <c>top1</c>.</summary>
    IReadOnlyDictionary<string, double> Values();
}

/// <summary>The predictions of a batch.</summary>
/// <param name="Indices">The data set's index of each item.</param>
/// <param name="Tokens">The predicted tokens, shape (B, N), int64.</param>
/// <param name="Probabilities">Their distributions, shape (B, N, K), float32; null where no metric needs them.</param>
public sealed record PredictedBatch(IReadOnlyList<int> Indices, Tensor Tokens, Tensor? Probabilities)
{
    /// <summary>How they were sampled, with the decoding; null for a linear head and for a reverse process that no options describe.</summary>
    public SamplingOptions? Sampling { get; init; }
}
