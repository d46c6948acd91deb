using Tweedie.Training;

namespace Tweedie.Tests.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_that_another_holds_is_refused_with_its_process()
    {
        using var held = RunLock.Hold(_folder.Run);

        var second = () => _folder.Train(TinyRun.Config);

        second.Should().Throw<TweedieException>()
            .WithMessage($"{_folder.Run.Path}: is in use by process {Environment.ProcessId} on {Environment.MachineName}; wait for it, or choose another folder.");
        Directory.Exists(_folder.Run.Checkpoints).Should().BeFalse();
    }

    [Fact]
    public void A_run_that_was_let_go_or_whose_process_was_killed_is_free()
    {
        RunLock.Hold(_folder.Run).Dispose();
        File.WriteAllText(Path.Combine(_folder.Run.Path, "pid"), "1 on elsewhere\n"); // a killed process leaves this file, as it leaves the lock

        using var held = RunLock.Hold(_folder.Run);

        File.ReadAllText(Path.Combine(_folder.Run.Path, "pid")).Should().StartWith($"{Environment.ProcessId} on ");
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_named()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "needs /proc, where nobody can create files");

        var hold = () => RunLock.Hold(new RunFolder("/proc/self/run"));

        hold.Should().Throw<TweedieException>().WithMessage("/proc/self/run: cannot be written: *");
    }
}
