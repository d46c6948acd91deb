using Tweedie.Data;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A batch's loss and gradients, in micro-batches. Torch's generator is seeded from the run's seed and the step's number.</summary>
internal sealed class StepGradients(ITrainingTask task, TrainingState state)
{
    private readonly TrainingOptions _options = task.Config.Training;

    /// <summary>The seed of the next step.</summary>
    public long Seed => Seeds.Derive(task.Config.Seed, SeedPurpose.TrainingStep, state.Step);

    /// <summary>Computes and clips the gradients. They are to be checked by their norm, one number from the device, before they change a weight.</summary>
    /// <returns>The mean loss, and the gradients' norm before it was clipped.</returns>
    /// <exception cref="TweedieException">The memory does not suffice.</exception>
    public (double Loss, double Norm) Compute(ImageBatch batch) => OutOfMemory.Guard(
        $"step {state.Step + 1}",
        $"lower training.batchSize = {_options.BatchSize} or raise training.accumulation = {_options.Accumulation}",
        () =>
        {
            using var scope = NewDisposeScope();
            var images = batch.Images.to(task.Device, non_blocking: true).chunk(_options.Accumulation);
            var targets = batch.Targets.to(task.Device, non_blocking: true).chunk(_options.Accumulation);
            var total = zeros([], device: task.Device);
            state.Parameters.ZeroGradients();
            manual_seed(Seed);
            for (var micro = 0; micro < images.Length; micro++)
            {
                using var microScope = NewDisposeScope();
                var loss = Loss(images[micro], targets[micro]).Over(images.Length);
                loss.backward();
                total.Increase(loss.detach());
            }
            var norm = state.Parameters.ClipGradients(_options.ClipNorm);
            return (total.item<float>(), norm);
        });

    private Tensor Loss(Tensor images, Tensor targets)
    {
        if (_options.Precision == Precision.F32)
            return task.Loss(images, targets);
        using (Autocast.Enter(task.Device, ScalarType.BFloat16))
            return task.Loss(images, targets);
    }
}
