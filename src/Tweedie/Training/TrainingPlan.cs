using Tweedie.Models;

namespace Tweedie.Training;

/// <summary>What a training will do and cost, before it begins.</summary>
/// <param name="Samples">Training samples.</param>
/// <param name="StepsPerEpoch">Steps per epoch.</param>
/// <param name="TotalSteps">Steps of the whole training.</param>
/// <param name="LearningRates">Learning rate at the end of key epochs.</param>
/// <param name="Parts">Parameters and multiply-adds by part.</param>
/// <param name="TrainingMultiplyAdds">Multiply-adds of matrix products for one sample in training: forward, and twice that backward.</param>
/// <param name="StateBytes">Weights, gradients, two moments and average, in float32.</param>
/// <param name="MeasuredStep">Median time of a step, over a few real ones.</param>
/// <param name="ResidentBytes">Memory of the process after those steps, on the host.</param>
/// <param name="MeasuredImages">Images of a measured step, whose time was scaled to the batch; null where whole batches were measured.</param>
public sealed record TrainingPlan(
    int Samples, int StepsPerEpoch, long TotalSteps, IReadOnlyList<(double Epoch, double Rate)> LearningRates, IReadOnlyList<PartCost> Parts,
    long TrainingMultiplyAdds, long StateBytes, TimeSpan MeasuredStep, long ResidentBytes, int? MeasuredImages = null)
{
    /// <summary>Estimated time of the whole training, without evaluation.</summary>
    public TimeSpan EstimatedTime => MeasuredStep * TotalSteps;

    /// <summary>Multiply-adds of matrix products for one sample in training: forward, and twice that backward.</summary>
    /// <param name="parts">The model's parts.</param>
    /// <param name="reuse">R, how often an image's features are reused.</param>
    public static long MultiplyAdds(IReadOnlyList<PartCost> parts, int reuse) => 3 * parts.Sum(part => part.PerImage + reuse * part.PerRow);

    internal static TrainingPlan Create(ITrainingTask task, TimeSpan measuredStep, int? measuredImages = null)
    {
        var (training, parts) = (task.Config.Training, task.Parts);
        var schedule = LearningRateSchedule.Create(training, task.BatchesPerEpoch);
        var keyEpochs = new[] { 1, training.WarmupEpochs, training.Epochs * 0.25, training.Epochs * 0.5, training.Epochs * 0.75, training.Epochs };
        return new TrainingPlan(
            task.Samples,
            task.BatchesPerEpoch,
            (long)training.Epochs * task.BatchesPerEpoch,
            [.. keyEpochs.Where(epoch => epoch > 0 && epoch <= training.Epochs).Distinct().Order()
                .Select(epoch => (epoch, schedule.At((long)(epoch * task.BatchesPerEpoch) - 1)))],
            parts,
            MultiplyAdds(parts, training.Reuse),
            5 * sizeof(float) * parts.Sum(part => part.Parameters),
            measuredStep,
            Environment.WorkingSet,
            measuredImages);
    }
}
