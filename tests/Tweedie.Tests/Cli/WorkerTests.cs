using System.Diagnostics;
using Tweedie.Cli;
using Tweedie.Cli.Output;
using Tweedie.Experiments;

namespace Tweedie.Tests.Cli;

public sealed class WorkerTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Theory]
    [InlineData("TERM")] // asked to stop
    [InlineData("KILL")] // gone without a word
    public void Workers_stop_in_order_with_the_process_that_started_them(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var folder = new ReproductionFolder(Path.Combine(tiny.Folder, $"workers-{signal}"));
        using var command = new RunningCommand("reproduce", "figure3", "--seeds", "1", "--jobs", "2", "--out", folder.Path);
        command.WaitUntil(() => Running(folder).Length == 2);

        command.Signal(signal);

        command.WaitForExit().Should().Be(signal == "TERM" ? 143 : 137, command.Error);
        command.Error.Should().NotContain("error:");
        SpinWait.SpinUntil(() => Running(folder).Length == 0, TimeSpan.FromMinutes(1)).Should().BeTrue("the workers end too");
        foreach (var model in Directory.GetDirectories(folder.Models))
            Directory.GetDirectories(Path.Combine(model, "checkpoints"), "step-*").Should().NotBeEmpty("a stop in order saves");
        var record = ExperimentJson.Read<ReproductionRecord>(folder.Record);
        record.Commands.Should().ContainSingle();
        record.Hosts.Should().ContainSingle("both workers are on this machine");
    }

    [Fact]
    public async Task The_first_worker_that_fails_stops_the_others_and_gives_the_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var first = Path.Combine(tiny.Folder, "first-worker");
        // Whoever makes the folder fails; the other waits until its input ends.
        var exitCode = await WorkerProcesses.RunAsync(2, Shell($"mkdir '{first}' 2>/dev/null && exit 3; cat >/dev/null; exit 130"), new LiveLine(), TestContext.Current.CancellationToken);

        exitCode.Should().Be(3);
    }

    [Fact]
    public async Task Workers_that_succeed_give_zero_and_cancelled_ones_throw_when_they_have_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        (await WorkerProcesses.RunAsync(3, Shell("exit 0"), new LiveLine(), TestContext.Current.CancellationToken)).Should().Be(0);

        using var stop = new CancellationTokenSource();
        var ended = Path.Combine(tiny.Folder, "ended-worker");
        var run = WorkerProcesses.RunAsync(1, Shell($"cat >/dev/null; touch '{ended}'"), new LiveLine(), stop.Token);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        File.Exists(ended).Should().BeTrue();
    }

    // The trainings that hold their folders.
    private static string[] Running(ReproductionFolder folder) =>
        Directory.Exists(folder.Models) ? Directory.GetFiles(folder.Models, "pid", SearchOption.AllDirectories) : [];

    private static ProcessStartInfo Shell(string script) =>
        new("sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
