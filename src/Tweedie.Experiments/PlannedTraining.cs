namespace Tweedie.Experiments;

/// <summary>What the trainings of one arm will cost.</summary>
/// <param name="Name">The data set and arm.</param>
/// <param name="Seeds">Number of trainings.</param>
/// <param name="Epochs">Epochs of each.</param>
/// <param name="Images">Training images.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds per image in training.</param>
/// <param name="MeasuredTime">Estimated time of each, from measured steps on this machine; null where the data are not at hand.</param>
public sealed record PlannedTraining(
    string Name, int Seeds, int Epochs, int Images, long Parameters, long MultiplyAdds, TimeSpan? MeasuredTime)
{
    /// <summary>Floating-point operations of all seeds, two per multiply-add.</summary>
    public double Operations => 2.0 * MultiplyAdds * Images * Epochs * Seeds;
}
