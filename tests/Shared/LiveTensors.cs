using TorchSharp;

namespace Tweedie.Tests;

/// <summary>Counts this thread's tensors, so that tests can check that code leaves no tensor behind.</summary>
internal static class LiveTensors
{
    /// <summary>The number of this thread's tensors that are not disposed, whether or not a dispose scope owns them.</summary>
    public static long Count => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    /// <summary>How many tensors the action leaves behind, with no dispose scope around it.</summary>
    public static long LeftBy(Action action)
    {
        var before = Count;
        action();
        return Count - before;
    }
}
