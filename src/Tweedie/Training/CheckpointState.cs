namespace Tweedie.Training;

/// <summary>Where a training stands: the content of a checkpoint's <c>state.json</c>. Randomness needs no state, because it follows from the seed.</summary>
internal sealed record CheckpointState
{
    /// <summary>Steps done, those left out included.</summary>
    public long Step { get; init; }

    /// <summary>Steps left out, because their loss or gradient was not finite.</summary>
    public long Skipped { get; init; }

    /// <summary>Time of the training up to here, without its evaluations, in seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>The processes that trained together when it was written.</summary>
    public int Processes { get; init; } = 1;

    /// <summary>The best evaluation up to here; null where there is none.</summary>
    public BestEvaluation? Best { get; init; }
}
