namespace Tweedie.Training;

/// <summary>Linear warm-up, then a cosine to 0 (Loshchilov and Hutter 2017), by step.</summary>
/// <param name="peak">The highest rate, already scaled to the batch size.</param>
/// <param name="warmupSteps">Steps of warm-up.</param>
/// <param name="totalSteps">Steps of the whole training.</param>
internal sealed class LearningRateSchedule(double peak, long warmupSteps, long totalSteps)
{
    /// <summary>The schedule of a training: the peak is learningRate · batchSize / 256.</summary>
    public static LearningRateSchedule Create(TrainingOptions options, long stepsPerEpoch) => new(
        options.LearningRate * options.BatchSize / 256,
        Math.Min((long)(options.WarmupEpochs * stepsPerEpoch), options.Epochs * stepsPerEpoch),
        options.Epochs * stepsPerEpoch);

    /// <summary>The rate of a 0-based step.</summary>
    public double At(long step)
    {
        if (step < warmupSteps)
            return peak * (step + 1) / warmupSteps;
        var progress = (double)(step - warmupSteps) / Math.Max(1, totalSteps - warmupSteps);
        return peak * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, progress)));
    }
}
