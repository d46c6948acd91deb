using Tweedie.Data;

namespace Tweedie.Training;

/// <summary>Takes the steps of a training: each changes the weights by its gradients, or is left out where these are not finite.</summary>
internal sealed class TrainingSteps(ITrainingTask task, TrainingState state, TrainingMeter meter, TrainingReporter report, RunFolder run)
{
    private readonly StepGradients _gradients = new(task, state);
    private readonly LearningRateSchedule _learningRate = LearningRateSchedule.Create(task.Config.Training, task.BatchesPerEpoch);
    private readonly NonFiniteSteps _nonFinite = new(run, task.Config.Training);

    /// <summary>Takes a step.</summary>
    /// <exception cref="TweedieException">The gradients are not finite and the policy is to stop, or the memory does not suffice.</exception>
    public void Take(ImageBatch batch)
    {
        report.BadImages(batch.BadImages);
        var rate = _learningRate.At(state.Step);
        var (loss, norm) = _gradients.Compute(batch);
        if (double.IsFinite(loss) && double.IsFinite(norm))
        {
            state.Update(rate);
            meter.Add(loss, rate, norm);
        }
        else
        {
            report.Warn(_nonFinite.Record(Describe(batch, loss, norm), state.Counters.Skipped));
            state.Skip();
            meter.Skip();
        }
    }

    private NonFiniteStep Describe(ImageBatch batch, double loss, double norm) => new(
        state.Step + 1, (int)(state.Step / task.BatchesPerEpoch), (int)(state.Step % task.BatchesPerEpoch), _gradients.Seed, loss, norm, batch.Indices);
}
