namespace Tweedie.Training;

/// <summary>A step whose loss or gradient was not finite, with everything that computing it again needs: a line of <c>non-finite.jsonl</c>.</summary>
/// <param name="Step">The 1-based number of the step.</param>
/// <param name="Epoch">The 0-based epoch, as <see cref="ITrainingTask.Batches"/> takes it.</param>
/// <param name="Batch">The 0-based batch of the epoch.</param>
/// <param name="Seed">What torch's generator was seeded with.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="GradientNorm">The gradient's global norm.</param>
/// <param name="Samples">The indices of the batch's training samples.</param>
public sealed record NonFiniteStep(long Step, int Epoch, int Batch, long Seed, double Loss, double GradientNorm, IReadOnlyList<int> Samples);
