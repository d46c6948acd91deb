using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Experiments;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>The processes that share the work of a <c>tweedie reproduce</c>.</summary>
internal static class ReproductionWorkers
{
    /// <summary>What tells a process that it is one of several.</summary>
    public const string Option = "--worker";

    private const long MemoryOfAJob = 2L << 30;

    /// <summary>As many as processors, if the memory holds them; one where an accelerator computes.</summary>
    public static int DefaultJobs(Device device) => device.type == DeviceType.CUDA ? 1
        : (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryOfAJob, 1, Environment.ProcessorCount);

    /// <summary>Finishes the cells in several processes; one job is left to this process itself.</summary>
    /// <param name="jobs">Number of processes.</param>
    /// <param name="models">Number of models with work left.</param>
    /// <param name="words">The command.</param>
    /// <param name="line">The live line.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>0, or the exit code of a process that has said why it failed.</returns>
    /// <exception cref="TweedieException">A process was killed.</exception>
    public static async Task<int> RunAsync(int jobs, int models, string[] words, LiveLine line, CancellationToken cancellation)
    {
        if (jobs == 1 || models == 0)
            return ExitCodes.Success;
        // The threads go by the jobs, not by the models that are left: they decide the order of sums, and a resumed command shall give the same results.
        var start = WorkerProcesses.OfThisProgram([.. words, Option], Math.Max(1, Environment.ProcessorCount / jobs));
        var exitCode = await WorkerProcesses.RunAsync(Math.Min(jobs, models), start, line, cancellation).ConfigureAwait(false);
        return exitCode <= ExitCodes.Usage ? exitCode // a failure has said itself why
            : throw new TweedieException($"--jobs {jobs}: a process was ended from outside (exit code {exitCode}), perhaps for want of memory; what is finished is kept: --resume with fewer --jobs.");
    }

    /// <summary>The work of one such process.</summary>
    public static int Work(ReproductionTask task, CancellationToken cancellation)
    {
        var (console, line) = (Screen.Create(), new LiveLine(relayed: true));
        try
        {
            Reproduction.Join(task.Folder, task.Study, task.Only).Finish(
                task.Experiments, task.Device, new ReproductionDisplay(console, line), new TrainingDisplay(console, line, evaluations: false),
                WorkerProcesses.UntilInputEnds(cancellation));
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted; // the process that started this one says so
        }
    }
}
