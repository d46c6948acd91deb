using TorchSharp;
using Tweedie.Cli.Output;
using Tweedie.Experiments;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>The processes that share the work of <c>tweedie reproduce</c>.</summary>
internal static class ReproductionWorkers
{
    /// <summary>The option that tells a process that it is one of several.</summary>
    public const string Option = "--worker";

    private const long MemoryOfAJob = 2L << 30; // trainings of the quick and small scales were seen at 0.3 to 0.6 GiB

    // One per processor, or fewer if memory does not suffice.
    private static int DefaultJobs => (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryOfAJob, 1, Environment.ProcessorCount);

    /// <summary>Finishes the cells in several processes. A single job, or by default a job on an accelerator, is left to this process itself.</summary>
    /// <param name="jobs">Number of processes; null means one per processor.</param>
    /// <param name="models">Number of models with work left.</param>
    /// <param name="device">Where to compute.</param>
    /// <param name="words">The command.</param>
    /// <param name="line">The live line.</param>
    /// <param name="cancellation">Stops the work.</param>
    /// <returns>0, or the exit code of a process that has printed why it failed.</returns>
    /// <exception cref="TweedieException">A process could not be started, or ended without printing why.</exception>
    public static async Task<int> RunAsync(int? jobs, int models, Device device, string[] words, LiveLine line, CancellationToken cancellation)
    {
        if (models == 0 || jobs == 1 || (jobs is null && device.type == DeviceType.CUDA))
            return ExitCodes.Success;
        // The number of threads decides the order of sums. Workers take the command's number, which depends neither on the work that is left nor on
        // the number of jobs.
        var start = WorkerProcesses.OfThisProgram([words[0], Option, .. words[1..]]);
        var workers = Enumerable.Range(1, Math.Min(jobs ?? DefaultJobs, models)).Select(number => ($"{number}", start));
        return await WorkerProcesses.RunAsync(
            workers, "what is finished is kept: continue with --resume, with fewer --jobs if it happens again", line, cancellation).ConfigureAwait(false);
    }

    /// <summary>The work of one such process.</summary>
    public static int Work(ReproductionTask task, CancellationToken cancellation) => WorkerProcesses.Work((line, stop) =>
        Reproduction.Join(task.Folder, task.Study, task.Only).Finish(
            task.Experiments, task.Device, new ReproductionDisplay(line), new TrainingDisplay(line, evaluations: false), stop), cancellation);
}
