using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

[Collection(GlobalState.Name)] // alone, because the number of threads is torch's
public sealed class HostInfoTests
{
    [Fact]
    public void The_threads_are_those_that_torch_was_told()
    {
        var threads = torch.get_num_threads();
        try
        {
            torch.set_num_threads(3);

            HostInfo.Read().Threads.Should().Be(3);
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [Fact]
    public void The_processor_has_the_name_that_the_system_gives_it()
    {
        const string cpuInfo = "/proc/cpuinfo";
        Assert.SkipUnless(File.Exists(cpuInfo) && File.ReadAllText(cpuInfo).Contains("model name"), "this system does not name its processors in /proc/cpuinfo");

        File.ReadAllText(cpuInfo).Should().Contain($"model name\t: {HostInfo.Read().Processor}\n");
    }

    [Fact]
    public void The_version_is_that_of_the_loaded_libtorch()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LibtorchFolder.Variable) is { Length: > 0 }, "another libtorch is chosen");

        HostInfo.Read().Libtorch.Should().Be("2.10.0");
    }
}
