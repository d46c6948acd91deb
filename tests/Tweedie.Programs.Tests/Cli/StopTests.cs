using Tweedie.Training;

namespace Tweedie.Tests.Cli;

/// <summary>Trainings that are asked to stop, in processes of their own.</summary>
public sealed class StopTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    // Far more epochs than the test has time for.
    private readonly string[] _endless =
        ["--config", tiny.ConfigFile, "--set", "training.epochs=100000", "evaluation.everyEpochs=0", "training.checkpointEpochs=1000"];

    [Fact]
    public void SIGTERM_finishes_the_step_saves_and_exits_with_143_and_no_other_process_may_disturb()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var run = Path.Combine(tiny.Folder, "terminated");
        using var training = new RunningTraining(run, _endless);
        training.WaitUntilItTrains();

        CommandLine.Run(["train", .. _endless, "--out", run]).ShouldBeOneLineError(1, run, $"in use by process {training.ProcessId} on ");
        training.WaitUntilItHasWorked(TimeSpan.FromSeconds(0.5)); // time for many steps
        training.Signal("TERM");

        training.WaitForExit().Should().Be(143, training.Error);
        var (checkpoint, damage) = new CheckpointStore(Path.Combine(run, "checkpoints"), keep: 2).NewestWhole();
        damage.Should().BeEmpty();
        CheckpointStore.ReadState(checkpoint).Step.Should().BePositive();
        File.Exists(Path.Combine(run, "pid")).Should().BeFalse("the folder is free");
        training.Error.Should().Contain($"{run}: interrupted; continue with --resume");
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_second_signal_leaves_at_once_with_the_checkpoint_before_whole(string signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        var run = Path.Combine(tiny.Folder, $"left-{signal}");
        CopyFolder(tiny.Run, run);
        // A step takes a minute: a hundred times 32,768 noisy labels.
        using var training = new RunningTraining(
            run, "--config", tiny.ConfigFile, "--resume", "--allow-changes", "--set", "training.epochs=100000", "training.reuse=1024",
            "data.train=shapes:count=3200,size=16", "training.batchSize=3200", "training.accumulation=100");
        training.WaitUntilItTrains();
        training.WaitUntilItHasWorked(TimeSpan.FromSeconds(3)); // reading the batch takes far less

        training.Signal(signal);
        training.EndsWithin(TimeSpan.FromSeconds(1)).Should().BeFalse("it finishes its step first");
        training.Signal(signal);

        training.WaitForExit().Should().Be(exitCode, training.Error);
        training.Error.Should().NotContain("interrupted", "that is the orderly end's word");
        var (checkpoint, damage) = new CheckpointStore(Path.Combine(run, "checkpoints"), keep: 2).NewestWhole();
        (Path.GetFileName(checkpoint), damage.Count).Should().Be(("step-000004", 0));
    }

    [Fact]
    public void A_training_that_was_started_with_SIGINT_ignored_keeps_ignoring_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        using var training = new RunningTraining(Path.Combine(tiny.Folder, "ignoring"), ignoresInterrupts: true, _endless);
        training.WaitUntilItTrains();

        training.Signal("INT");
        training.WaitUntilItHasWorked(TimeSpan.FromSeconds(0.5)); // time for many steps; the first would end it
        training.Signal("TERM");

        training.WaitForExit().Should().Be(143, training.Error);
        training.Error.Should().Contain("interrupted", "it was the first signal that it took");
    }

    [Fact]
    public void Max_time_saves_and_exits_with_124()
    {
        var run = Path.Combine(tiny.Folder, "limited");

        var limited = CommandLine.Run(["train", .. _endless, "--max-time", "5s", "--out", run]);

        limited.ExitCode.Should().Be(124, limited.Error);
        limited.Error.Should().Contain($"{run}: stopped at --max-time; continue with --resume");
        new CheckpointStore(Path.Combine(run, "checkpoints"), keep: 2).NewestWhole().Damage.Should().BeEmpty();
        CommandLine.Run(["train", .. _endless, "--max-time", "soon"]).ShouldBeOneLineError(2, "--max-time", "soon", "1d12h");
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
