namespace Tweedie.Training;

/// <summary>The end of a wait for the other processes of a training.</summary>
internal static class WaitLimit
{
    /// <summary>The error of a process that has waited for too long.</summary>
    public static TweedieException Exceeded(TimeSpan limit) => new(
        $"this process has waited {limit.TotalSeconds:0} s for the others, of which one hangs or is far slower; the training ends.", FaultKind.Resources);
}
