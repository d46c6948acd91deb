namespace Tweedie.Training;

/// <summary>A task whose evaluation several processes share. The first process evaluates any other task alone.</summary>
public interface ISharedEvaluation : ITrainingTask
{
    /// <summary>
    /// Metrics of the averaged network on held-out data, as <see cref="ITrainingTask.Evaluate"/> gives them. All processes call it; only the result of the first
    /// one counts.
    /// </summary>
    /// <param name="processes">The processes; each measures its <see cref="ProcessGroup.PartOf"/> the held-out items.</param>
    /// <param name="cancellation">Ends the work.</param>
    IReadOnlyDictionary<string, double> Evaluate(ProcessGroup processes, CancellationToken cancellation);
}
