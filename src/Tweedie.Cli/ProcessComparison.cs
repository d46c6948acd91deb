using System.Globalization;
using Tweedie.Cli.Output;
using Tweedie.Training;

namespace Tweedie.Cli;

/// <summary>How long a training step takes on the CPU, in one process and in several processes of one thread each. The program runs itself to measure it.</summary>
/// <param name="Count">The number of cores that take part: threads of one process, or processes.</param>
/// <param name="One">In one process, with the threads that the command says.</param>
/// <param name="Threads">In one process of <paramref name="Count"/> threads; null where it was not measured.</param>
/// <param name="Processes">In <paramref name="Count"/> processes of one thread.</param>
internal sealed record ProcessComparison(int Count, TimeSpan One, TimeSpan? Threads, TimeSpan Processes)
{
    /// <summary>With this option, a process prints how long its training step takes. The process that compares reads the line.</summary>
    public const string Option = "--tell-step";

    private const double LeastGain = 1.1; // less may be an accident of the measurement
    private const string Step = "seconds per step: ";
    private static readonly string[] _oneThread = ["--threads", "1"];

    /// <summary>The number of processes to train in: one, where several gain little.</summary>
    public int Best => One / Processes >= LeastGain ? Count : 1;

    /// <summary>What was measured, in one line.</summary>
    public string Text => $"{Screen.Duration(One)} per step in one process, "
        + (Threads is { } threads ? $"{Screen.Duration(threads)} with {Count} threads, " : "")
        + FormattableString.Invariant($"{Screen.Duration(Processes)} in {Count} processes of one thread, {One / Processes:F2} times as fast as one");

    /// <summary>The most processes that this machine has cores for and that can share a batch evenly.</summary>
    public static int CountFor(TrainingOptions training) => Enumerable.Range(1, Environment.ProcessorCount).Last(training.CanShare);

    /// <summary>Measures.</summary>
    /// <param name="count">The number of cores that take part, above 1.</param>
    /// <param name="words">The command, with its <c>--dry-run</c> and without <c>--processes</c> and <c>--threads</c>.</param>
    /// <param name="threads">The words that say the threads of one process.</param>
    /// <param name="one">The time in one process, where it is known already; then one process of <paramref name="count"/> threads is measured, too.</param>
    /// <param name="cancellation">Stops the measurement.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="TweedieException">The processes cannot be started, or failed.</exception>
    public static async Task<ProcessComparison> MeasureAsync(int count, IReadOnlyList<string> words, string[] threads, TimeSpan? one, CancellationToken cancellation)
    {
        async Task<TimeSpan> StepAsync(int processes, params string[] more)
        {
            var lines = await LocalProcesses.ReadAsync(processes, [.. words, .. more, Option], cancellation).ConfigureAwait(false);
            return TimeSpan.FromSeconds(double.Parse(lines.Last(line => line.StartsWith(Step, StringComparison.Ordinal))[Step.Length..], CultureInfo.InvariantCulture));
        }
        return new(
            count, one ?? await StepAsync(1, threads).ConfigureAwait(false), one is null ? null : await StepAsync(1, "--threads", $"{count}").ConfigureAwait(false),
            await StepAsync(count, _oneThread).ConfigureAwait(false));
    }

    /// <summary>Prints how long a step takes. The process that compares reads the line.</summary>
    public static void Tell(TimeSpan step) => Console.WriteLine(FormattableString.Invariant($"{Step}{step.TotalSeconds:R}"));
}
