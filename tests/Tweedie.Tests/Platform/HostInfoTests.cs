using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class HostInfoTests
{
    [Fact]
    public void The_host_is_described()
    {
        var host = HostInfo.Read();

        host.OperatingSystem.Should().NotBeEmpty();
        host.Processor.Should().NotBeEmpty();
        host.Cores.Should().Be(Environment.ProcessorCount);
        host.Threads.Should().Be(torch.get_num_threads());
        host.CudaDevices.Should().HaveCount(torch.cuda.is_available() ? torch.cuda.device_count() : 0);
    }

    [Fact]
    public void The_version_is_that_of_the_loaded_libtorch()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LibtorchFolder.Variable) is { Length: > 0 }, "another libtorch is chosen");

        HostInfo.Read().Libtorch.Should().Be("2.10.0");
    }
}
