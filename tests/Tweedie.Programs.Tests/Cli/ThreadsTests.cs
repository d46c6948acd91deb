using System.CommandLine;
using TorchSharp;
using Tweedie.Cli;
using Tweedie.Cli.Commands;

namespace Tweedie.Tests.Cli;

/// <summary>There is one thread per operation unless the command or the environment says otherwise.</summary>
[Collection(GlobalState.Name)] // alone, because the number of threads is torch's
public sealed class ThreadsTests : IDisposable
{
    private readonly int _threads = torch.get_num_threads();

    public void Dispose() => torch.set_num_threads(_threads);

    [Theory]
    [InlineData(null, 1)]
    [InlineData("2", 2)]
    public void A_command_leaves_the_environments_number_and_takes_one_without_it(string? environment, int threads)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("config.yaml"), "data: { train: \"shapes:count=64,size=16\" }\nmodel: { encoder: { imageSize: 16, patchSize: 8 } }");

        var info = CommandLine.Run(["info", "--config", folder.File("config.yaml"), "--json", "-"], environment is null ? [] : [("OMP_NUM_THREADS", environment)]);

        info.ExitCode.Should().Be(0, info.Error);
        info.Json().GetProperty("origin").GetProperty("host").GetProperty("threads").GetInt32().Should().Be(Math.Min(threads, Environment.ProcessorCount), "libtorch takes no more than there are processors");
    }

    [Fact]
    public void The_option_decides_before_all_else()
    {
        var compute = new ComputeOptions();
        var command = new Command("x") { compute.Device, compute.Threads };
        torch.set_num_threads(3);

        compute.Open(command.Parse("--device cpu --threads 2")).type.Should().Be(DeviceType.CPU);

        torch.get_num_threads().Should().Be(2);
    }

    [Fact]
    public void Every_command_that_takes_a_device_takes_threads()
    {
        var computing = CommandLineApp.CreateRoot().Subcommands.Where(command => Has(command, "--device")).ToList();

        computing.Select(command => command.Name).Should().BeEquivalentTo("demo", "train", "eval", "likelihood", "calibrate", "compare", "classify", "caption", "generate", "fill", "annotate", "score", "reproduce", "serve");
        computing.Should().OnlyContain(command => Has(command, "--threads"));
    }

    [Fact]
    public void Less_than_one_thread_is_refused() => CommandLine.Run("demo", "--threads", "0").ShouldBeOneLineError(2, "--threads = 0", "at least 1");

    private static bool Has(Command command, string option) => command.Options.Any(one => one.Name == option);
}
