using Tweedie.Training;

namespace Tweedie.Tests.Training;

public sealed class ProcessPlanTests
{
    [Fact]
    public void One_process_communicates_nothing_and_several_send_nearly_twice_the_gradients()
    {
        var one = ProcessPlan.Of(TimeSpan.FromSeconds(8), 4_000_000, 1, bandwidth: 1e6);
        var four = ProcessPlan.Of(TimeSpan.FromSeconds(8), 4_000_000, 4, bandwidth: 1e6);

        (one.Step, one.Efficiency).Should().Be((TimeSpan.FromSeconds(8), 1));
        four.Compute.Should().Be(TimeSpan.FromSeconds(2));
        four.Communication.Should().Be(TimeSpan.FromSeconds(6) + 4 * ProcessPlan.Latency, "3/2 of 4 MB at 1 MB/s, and four messages after one another");
        four.Efficiency.Should().BeApproximately(2 / 8.00008, 1e-9);
    }
}
