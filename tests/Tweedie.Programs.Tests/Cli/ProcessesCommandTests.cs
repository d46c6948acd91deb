using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Tweedie.Cli;
using Tweedie.Configuration;
using Tweedie.Platform;
using Tweedie.Tests.Training;
using Tweedie.Training;

namespace Tweedie.Tests.Cli;

/// <summary>Trainings in real processes that Open MPI connects; they are skipped where it is not installed.</summary>
[Collection(GlobalState.Name)]
public sealed class ProcessesCommandTests : IDisposable
{
    private static readonly (string, string)[] AsRoot = [("OMPI_ALLOW_RUN_AS_ROOT", "1"), ("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1")];

    private readonly string _folder = Directory.CreateTempSubdirectory("tweedie-processes-").FullName;
    private readonly TrainingFolder _alone = new();

    private string Run => Path.Combine(_folder, "run");

    public void Dispose()
    {
        _alone.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // A classifier of two processes is in the test that kills them.
    [Theory]
    [InlineData("captioner", 2)]
    [InlineData("text", 2)]
    [InlineData("clip", 2)]
    [InlineData("clip", 4)]
    public void Processes_give_the_weights_of_one_process(string name, int processes)
    {
        SkipWithoutOpenMpi();
        var run = ParallelRuns.Of(name, _folder);
        _alone.Train(run with { Training = run.Training with { Accumulation = processes } });

        var result = CommandLine.Run("train", "--config", Write(run), "--processes", $"{processes}", "--out", Run);

        (result.ExitCode, result.Error).Should().Be((0, ""));
        result.Output.Should().Contain($", {processes} processes").And.NotContain("\u001b", "a pipe gets no codes for terminals");
        result.Output.Split('\n').Count(line => line.Contains("saved ")).Should().Be(1, "only one process speaks");
        if (processes == 2)
            ShouldHaveTheWeightsOf(_alone);
        else
            foreach (var (weight, expected) in Weights(Run).Zip(Weights(_alone.Run.Path)))
                weight.Should().BeApproximately(expected, 1e-3f);
    }

    [Fact]
    public void Gradients_in_bfloat16_have_the_sums_that_other_collectives_give()
    {
        SkipWithoutOpenMpi();
        var run = ParallelRuns.Classifier.With(training => training with { GradientPrecision = Precision.Bf16 });
        _alone.Train(2, run);

        var result = CommandLine.Run("train", "--config", Write(run), "--processes", "2", "--out", Run);

        (result.ExitCode, result.Error).Should().Be((0, ""));
        result.Output.Should().Contain(", 2 processes over Open MPI");
        ShouldHaveTheWeightsOf(_alone);
    }

    [Fact]
    public void A_dry_run_compares_one_process_with_several()
    {
        SkipWithoutOpenMpi();
        Assert.SkipWhen(Environment.ProcessorCount == 1, "needs two cores");

        var result = CommandLine.Run("train", "--config", Write(ParallelRuns.Classifier), "--set", "training.batchSize=2", "--dry-run", "--processes", "auto");

        (result.ExitCode, result.Error).Should().Be((0, ""));
        result.Output.Should().MatchRegex(@"s per step in one process, [\d.]+s with 2 threads, [\d.]+s in 2 processes of one thread, [\d.]+ times as fast as one");
        Directory.Exists(Run).Should().BeFalse();
    }

    [Theory]
    [InlineData(10, 9.2, 1)]
    [InlineData(10, 6, 2)]
    public void Several_processes_are_chosen_where_they_gain_enough(double one, double several, int best) =>
        new ProcessComparison(2, TimeSpan.FromSeconds(one), null, TimeSpan.FromSeconds(several)).Best.Should().Be(best);

    [Fact]
    public void NCCL_is_refused_where_there_is_no_GPU()
    {
        string[] arguments = ["train", "--config", Write(ParallelRuns.Classifier), "--device", "cpu", "--out", Run];
        (string, string)[] torchrun = [("RANK", "0"), ("WORLD_SIZE", "2"), ("MASTER_ADDR", "localhost"), ("MASTER_PORT", "29500")];

        CommandLine.Run(arguments, torchrun).ShouldBeOneLineError(1, "the device cpu: NCCL connects GPUs only; train on cuda, or start the processes with mpirun");
        CommandLine.Run([.. arguments, "--processes", "2"], torchrun).ShouldBeOneLineError(2, "--processes 2", "under mpirun and torchrun");
        CommandLine.Run([.. arguments, "--processes", "0"]).ShouldBeOneLineError(2, "--processes: '0' is not a number from 1 on, and not auto");
        CommandLine.Run([.. arguments, "--collective", "smoke"]).ShouldBeOneLineError(2, "--collective: 'smoke' is not valid; use auto, mpi, nccl");
        SkipWithoutOpenMpi();
        Mpirun(1, [.. arguments, "--collective", "nccl"]).ShouldBeOneLineError(1, "--collective nccl: connects GPUs only");
    }

    [Fact]
    public void A_killed_process_ends_all_and_is_named_and_the_run_resumes_to_the_same_weights()
    {
        SkipWithoutOpenMpi();
        var run = Long(epochs: 24);
        _alone.Train(run.With(training => training with { Accumulation = 2 }));
        string[] arguments = ["train", "--config", Write(run), "--processes", "2", "--out", Run];

        foreach (var rank in (int[])[0, 1])
        {
            using var training = new RunningCommand(rank == 0 ? arguments : [.. arguments, "--resume"]);
            WaitUntilItTrains(training, beyond: rank);
            Signal("KILL", PidOf(rank));
            training.WaitForExit().Should().Be(1, training.Error);
            training.Error.Trim().Should().Be($"error: process {rank} was ended by signal 9, perhaps for lack of memory, and the others with it; continue with --resume.");
        }
        var resumed = CommandLine.Run([.. arguments.Select(word => word == "2" ? "auto" : word), "--resume"]); // as many as before

        (resumed.ExitCode, resumed.Error).Should().Be((0, ""));
        ShouldHaveTheWeightsOf(_alone);
    }

    [Fact]
    public async Task A_signal_stops_all_processes_after_the_same_step_and_another_number_of_them_continues()
    {
        SkipWithoutOpenMpi();
        string[] arguments = ["train", "--config", Write(Long(epochs: 100_000)), "--out", Run];
        using (var training = new RunningCommand([.. arguments, "--processes", "2"]))
        {
            WaitUntilItTrains(training, beyond: 0);
            training.Signal("TERM");
            training.WaitForExit().Should().Be(143, training.Error);
            training.Error.Trim().Should().Be($"{Run}: interrupted; continue with --resume");
        }
        var stopped = Step();

        using var four = StartMpirun(4, [.. arguments, "--resume"]);
        var error = four.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (Step() == stopped && !four.HasExited)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        Signal("TERM", PidOf(1)); // one process is enough

        await four.WaitForExitAsync(TestContext.Current.CancellationToken);
        (await error).Should().Contain($"{Run}: interrupted; continue with --resume").And.Contain("warning: processes = 4 instead of 2: ");
        Step().Should().BeGreaterThan(stopped);
    }

    [Fact]
    public void A_process_that_hangs_ends_the_training_at_the_limit()
    {
        SkipWithoutOpenMpi();
        using var training = new RunningCommand("train", "--config", Write(Long(epochs: 100_000)), "--processes", "2", "--out", Run, "--max-wait", "3s");
        WaitUntilItTrains(training, beyond: 0);

        Signal("STOP", PidOf(1));

        training.WaitForExit().Should().Be(1, training.Error);
        training.Error.Should().Contain("error: this process has waited 3 s for the others");
    }

    [Fact]
    public void A_process_with_another_config_is_named_before_the_first_step()
    {
        SkipWithoutOpenMpi();
        string[] arguments = ["train", "--config", Write(ParallelRuns.Classifier), "--out", Run];

        var result = Mpirun(1, [.. arguments, ":", "-np", "1", "dotnet", Program, .. arguments, "--set", "seed=4"]);

        result.ShouldBeOneLineError(1, "process 1 on ", "differs from the process 0: 'seed: 4' instead of 'seed: 3' in the config");
        Directory.Exists(Path.Combine(Run, "checkpoints")).Should().BeFalse();
    }

    [Fact]
    public void Without_Open_MPI_a_line_says_what_to_install()
    {
        var program = Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) != "dotnet" ? Path.ChangeExtension(Program, null) : null;
        Assert.SkipWhen(program is null || !File.Exists(program), "needs the program as an executable file");
        using var process = Process.Start(new ProcessStartInfo(program, ["train", "--config", Write(ParallelRuns.Classifier), "--out", Run, "--processes", "2"])
        { RedirectStandardError = true, Environment = { ["PATH"] = "", ["DOTNET_ROOT"] = Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(RuntimeEnvironment.GetRuntimeDirectory().TrimEnd('/')))) } })!;
        process.StandardError.ReadToEnd().Trim().Should().Be("error: mpirun is not in PATH; install Open MPI (on Debian and Ubuntu: apt-get install openmpi-bin), or leave --processes out.");

        FluentActions.Invoking(() => OpenMpiLibrary.Load(["libno-such-mpi.so"])).Should().Throw<TweedieException>()
            .WithMessage("Open MPI's library (libno-such-mpi.so) cannot be loaded; install it (on Debian and Ubuntu: apt-get install openmpi-bin), or train in one process.");
    }

    [Fact]
    public void A_dry_run_plans_for_more_processes_than_there_are()
    {
        var config = Write(ParallelRuns.Classifier);

        var plan = CommandLine.Run("train", "--config", config, "--dry-run", "--ranks", "512", "--bandwidth", "2", "25");

        plan.ExitCode.Should().Be(0, plan.Error);
        plan.Output.Should().Contain("512 processes, by a model, not measured").And.Contain("at 2 GB/s").And.Contain("at 25 GB/s")
            .And.ContainAll("computing per step", "summing gradients per step", "time per step", "share of the time in which devices compute");
        CommandLine.Run("train", "--config", config, "--ranks", "8").ShouldBeOneLineError(2, "--ranks 8", "--dry-run");
        CommandLine.Run("train", "--config", config, "--dry-run", "--ranks", "8", "--bandwidth", "0").ShouldBeOneLineError(2, "--bandwidth");
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Tweedie.Cli.dll");

    // Eight steps in each epoch, and a checkpoint after each.
    private static ClassificationRun Long(int epochs) => ParallelRuns.Classifier.With(training => training with { Epochs = epochs }) with
    {
        Data = ParallelRuns.Classifier.Data with { Train = "shapes:count=132,size=16", Holdout = 4 },
        Evaluation = new() { EveryEpochs = 0, Steps = [1], Keep = KeptModel.Last },
    };

    private static void SkipWithoutOpenMpi() => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "mpirun")))
            && NativeLibrary.TryLoad("libmpi.so.40", out _),
        "needs Open MPI: apt-get install openmpi-bin");

    private static CommandLineResult Mpirun(int processes, string[] arguments)
    {
        using var process = StartMpirun(processes, arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output, error.Result);
    }

    private static Process StartMpirun(int processes, string[] arguments)
    {
        var start = new ProcessStartInfo("mpirun",
            ["-np", $"{processes}", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", "dotnet", Program, .. arguments])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment.Remove("OMP_NUM_THREADS");
        foreach (var (name, value) in AsRoot)
            start.Environment[name] = value;
        using var _ = new DefaultSignals();
        return Process.Start(start)!;
    }

    private static void Signal(string name, int process)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process}"]);
        kill.WaitForExit();
    }

    // The first process holds the run's folder; another one has the same parent.
    private int PidOf(int rank)
    {
        var first = int.Parse(File.ReadAllText(Path.Combine(Run, "pid")).Split(' ')[0], CultureInfo.InvariantCulture);
        return rank == 0 ? first : Process.GetProcesses().Select(process => process.Id).First(id => id != first && ParentOf(id) is { } parent && parent == ParentOf(first));
    }

    private static int? ParentOf(int process)
    {
        try
        {
            return int.Parse(File.ReadAllText($"/proc/{process}/stat").Split(") ")[^1].Split(' ')[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null; // it has ended
        }
    }

    private void WaitUntilItTrains(RunningCommand training, int beyond)
    {
        var before = beyond == 0 ? 0 : Step();
        training.WaitUntil(() => File.Exists(Path.Combine(Run, "pid")) && Step() > before);
    }

    private long Step() => new CheckpointStore(Path.Combine(Run, "checkpoints"), keep: 2).Latest is { } latest
        ? long.Parse(Path.GetFileName(latest)["step-".Length..], CultureInfo.InvariantCulture) : 0;

    private string Write(RunConfig run)
    {
        var path = Path.Combine(_folder, "run.yaml");
        File.WriteAllText(path, ConfigWriter.ToYaml(run));
        return path;
    }

    private void ShouldHaveTheWeightsOf(TrainingFolder alone)
    {
        foreach (var (file, bytes) in alone.Weights())
            File.ReadAllBytes(Path.Combine(Run, file)).AsSpan().SequenceEqual(bytes).Should().BeTrue($"{file} must not depend on the number of processes");
    }

    private static IEnumerable<float> Weights(string run) => Tweedie.Formats.SafeTensors.Load(Path.Combine(run, "model", "model.safetensors"))
        .OrderBy(pair => pair.Key, StringComparer.Ordinal).SelectMany(pair => pair.Value.flatten().data<float>().ToArray());
}
