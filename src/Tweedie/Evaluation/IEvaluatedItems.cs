using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Items that a model is measured on: images (<see cref="EncodedImages"/>), or rows that are predicted from nothing but themselves (<see cref="EvaluatedRows"/>).</summary>
public interface IEvaluatedItems
{
    /// <summary>The items in batches of a size. A batch lives until the next one is asked for.</summary>
    /// <param name="size">The most items per batch, at least 1.</param>
    IEnumerable<EvaluatedBatch> Chunk(int size);
}

/// <summary>Items that are denoised at a time.</summary>
/// <param name="Condition">Their condition tokens, shape (B, M, d), on the model's device.</param>
/// <param name="Indices">The data set's index of each item: what tells them apart, and what their noise follows from.</param>
/// <param name="Known">What is known of their tokens; null where nothing is.</param>
public sealed record EvaluatedBatch(Tensor Condition, IReadOnlyList<int> Indices, TokenConstraint? Known = null);
