using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// A task whose loss compares the samples of a batch with each other, so that it is not the mean of the micro-batches' losses. The loss is a function of
/// features, which belong to one sample each. The trainer then computes the loss and the gradients of the whole batch, in any number of micro-batches.
/// </summary>
public interface IWholeBatchTask : ITrainingTask
{
    /// <summary>
    /// The features of a micro-batch, each with B as its first dimension. They are computed twice per step, from the same seed of torch's global generator,
    /// so they must be a function of the batch, the weights and that generator.
    /// </summary>
    IReadOnlyList<Tensor> Features(TokenBatch batch);

    /// <summary>
    /// The mean loss of a whole batch, a scalar in float32, from the features of all its samples. It may have parameters of its own, and it draws nothing at
    /// random. <see cref="ITrainingTask.Loss"/> is this loss of a micro-batch's features.
    /// </summary>
    Tensor Loss(IReadOnlyList<Tensor> features);
}
