using System.Runtime.CompilerServices;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

[Collection(GlobalState.Name)]
public sealed class FinalizerPauseTests
{
    private static int s_finalized;

    public FinalizerPauseTests()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [Fact]
    public void Finalizers_wait_for_a_safe_point()
    {
        using var pause = new FinalizerPause();

        Collect();
        s_finalized.Should().Be(0);

        Thread.Sleep(2100);
        pause.AtSafePoint();
        s_finalized.Should().Be(1);

        Collect();
        s_finalized.Should().Be(0);
    }

    [Fact]
    public void Between_safe_points_that_follow_closely_nothing_runs()
    {
        using var pause = new FinalizerPause();
        Collect();

        pause.AtSafePoint();

        s_finalized.Should().Be(0);
    }

    [Fact]
    public void Finalizers_run_again_when_the_last_pause_ends()
    {
        using (new FinalizerPause())
        {
            var inner = new FinalizerPause();
            inner.Dispose();
            inner.Dispose();
            Collect();
            s_finalized.Should().Be(0, "one pause is left");
        }
        GC.WaitForPendingFinalizers();

        s_finalized.Should().Be(1);
    }

    // Drops an object with a finalizer and collects it; leaves its finalizer time to run.
    private static void Collect()
    {
        Drop();
        s_finalized = 0;
        GC.Collect();
        Thread.Sleep(50);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Drop() => _ = new Counted();

    private sealed class Counted
    {
        ~Counted() => Interlocked.Increment(ref s_finalized);
    }
}
