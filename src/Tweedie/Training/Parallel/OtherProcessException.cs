namespace Tweedie.Training;

/// <summary>Another process of a training has failed. That process says why; this one has nothing to add.</summary>
/// <param name="rank">The process that failed.</param>
public sealed class OtherProcessException(int rank) : Exception($"The process {rank} of the training has failed.")
{
    /// <summary>The process that failed, 0..Size−1.</summary>
    public int Rank { get; } = rank;
}
