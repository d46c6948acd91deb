using System.Diagnostics;
using Tweedie.Cli;
using Tweedie.Cli.Output;
using Tweedie.Experiments;

namespace Tweedie.Tests.Cli;

public sealed class WorkerTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    private const string Advice = "try again";

    [Theory]
    [InlineData("TERM")] // asked to stop
    [InlineData("KILL")] // ends without a message
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
        record.Hosts.Should().ContainSingle("both workers are on this machine").Which.Threads.Should().Be(1, "that is the default");
    }

    [Fact]
    public void Workers_that_were_stopped_finish_when_they_are_resumed_and_the_report_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var folder = new ReproductionFolder(Path.Combine(tiny.Folder, "resumed-workers"));
        string[] arguments = ["reproduce", "calibration", "--seeds", "1", "--jobs", "2", "--out", folder.Path];
        using (var command = new RunningCommand(arguments))
        {
            command.WaitUntil(() => Running(folder).Length == 2);
            command.Signal("TERM");
            command.WaitForExit().Should().Be(143, command.Error);
        }

        var resumed = CommandLine.Run([.. arguments, "--resume"]);

        resumed.ExitCode.Should().Be(0, resumed.Error);
        resumed.Output.Should().ContainAll("1/5", "5/5", "Done in").And.NotContain("\u0001", "live lines are for terminals");
        File.Exists(folder.Exhibit("calibration")).Should().BeTrue();
        File.Exists(folder.Report).Should().BeTrue();
    }

    [Fact]
    public void How_a_worker_ended_is_said_where_it_has_not_said_so_itself()
    {
        foreach (var exitCode in new[] { 0, 1, 2 })
            WorkerProcesses.Checked("tdd", exitCode, Advice).Should().Be(exitCode);
        FluentActions.Invoking(() => WorkerProcesses.Checked("tdd", 137, Advice)).Should().Throw<TweedieException>().WithMessage($"process tdd was killed*memory; {Advice}.");
        foreach (var exitCode in new[] { 134, 139, -1, unchecked((int)0xE0434352) })
            FluentActions.Invoking(() => WorkerProcesses.Checked("tdd", exitCode, Advice)).Should().Throw<TweedieException>()
                .WithMessage($"process tdd ended unexpectedly (exit code {exitCode}); {Advice}.");
    }

    [Fact]
    public async Task A_worker_that_cannot_be_started_is_a_mistake_in_one_line()
    {
        var nothing = new ProcessStartInfo("no-such-program-anywhere") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };

        await FluentActions.Awaiting(() => RunAsync(2, nothing, TestContext.Current.CancellationToken))
            .Should().ThrowAsync<TweedieException>().WithMessage($"no-such-program-anywhere: *; {Advice}.");
    }

    [Fact]
    public async Task The_first_worker_that_fails_stops_the_others_and_gives_the_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        var first = Path.Combine(tiny.Folder, "first-worker");
        // The worker that makes the folder fails; the other waits until its input ends.
        var exitCode = await RunAsync(2, Shell($"mkdir '{first}' 2>/dev/null && exit 2; cat >/dev/null; exit 130"), TestContext.Current.CancellationToken);

        exitCode.Should().Be(2);
    }

    [Fact]
    public async Task Workers_that_succeed_give_zero_and_cancelled_ones_throw_when_they_have_ended()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        (await RunAsync(3, Shell("exit 0"), TestContext.Current.CancellationToken)).Should().Be(0);

        using var stop = new CancellationTokenSource();
        var ended = Path.Combine(tiny.Folder, "ended-worker");
        var run = RunAsync(1, Shell($"cat >/dev/null; touch '{ended}'"), stop.Token);
        await stop.CancelAsync();

        await FluentActions.Awaiting(() => run).Should().ThrowAsync<OperationCanceledException>();
        File.Exists(ended).Should().BeTrue();
    }

    private static Task<int> RunAsync(int count, ProcessStartInfo start, CancellationToken cancellation) =>
        WorkerProcesses.RunAsync(Enumerable.Range(1, count).Select(number => ($"{number}", start)), Advice, new LiveLine(), cancellation);

    // The trainings that hold their folders.
    private static string[] Running(ReproductionFolder folder) =>
        Directory.Exists(folder.Models) ? Directory.GetFiles(folder.Models, "pid", SearchOption.AllDirectories) : [];

    private static ProcessStartInfo Shell(string script) =>
        new("sh", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
