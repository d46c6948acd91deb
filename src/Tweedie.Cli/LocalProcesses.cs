using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Tweedie.Cli.Output;

namespace Tweedie.Cli;

/// <summary>
/// Runs this program in several processes of this machine that Open MPI connects. They stop in an orderly way when the standard input of the first one ends, so
/// they stop with this process, however it ends.
/// </summary>
internal sealed partial class LocalProcesses
{
    /// <summary>The option that tells a process that it was started here.</summary>
    public const string Option = "--worker";

    private const string Install = "install Open MPI (on Debian and Ubuntu: apt-get install openmpi-bin), or leave --processes out";

    private readonly LiveLine _line;
    private readonly List<string> _launcherSays = [];
    private bool _hasSaidWhy;

    private LocalProcesses(LiveLine line) => _line = line;

    /// <summary>Runs the processes to their end, and shows what they write.</summary>
    /// <param name="count">How many.</param>
    /// <param name="words">The command.</param>
    /// <param name="advice">What the user can do if a process does not end by itself.</param>
    /// <param name="line">The live line.</param>
    /// <param name="cancellation">Stops the processes after their step.</param>
    /// <returns>0, or the exit code of a process that has printed why it failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the processes have ended.</exception>
    /// <exception cref="TweedieException">The processes cannot be started, or one ended without printing why.</exception>
    public static async Task<int> RunAsync(int count, IEnumerable<string> words, string advice, LiveLine line, CancellationToken cancellation)
    {
        var processes = new LocalProcesses(line);
        using var launcher = Start(count, words);
        using var stopping = cancellation.Register(launcher.StandardInput.Close);
        await Task.WhenAll(
            processes.ShowAsync(launcher.StandardOutput, Console.Out), processes.ShowAsync(launcher.StandardError, Console.Error), launcher.WaitForExitAsync(CancellationToken.None))
            .ConfigureAwait(false);
        line.Forget("");
        if (launcher.ExitCode == ExitCodes.Success)
            return ExitCodes.Success;
        if (processes._launcherSays.Select(text => EndedBySignal().Match(text)).FirstOrDefault(match => match.Success) is { } killed)
            throw new TweedieException($"process {killed.Groups[1]} was ended by signal {killed.Groups[2]}, {(killed.Groups[2].Value == "9" ? "perhaps for lack of memory, " : "")}and the others with it; {advice}.", FaultKind.Resources);
        if (processes._hasSaidWhy)
            return ExitCodes.Failure;
        cancellation.ThrowIfCancellationRequested();
        throw new TweedieException($"mpirun ended with exit code {launcher.ExitCode}: {OneLine.Of(string.Join(' ', processes._launcherSays.Where(text => !text.StartsWith("---", StringComparison.Ordinal))))}", FaultKind.Resources);
    }

    /// <summary>Runs the processes to their end, and shows nothing.</summary>
    /// <param name="count">How many; one is started without the launcher.</param>
    /// <param name="words">The command.</param>
    /// <param name="cancellation">Stops the processes.</param>
    /// <returns>What the first of them wrote.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the processes have ended.</exception>
    /// <exception cref="TweedieException">The processes cannot be started, or failed.</exception>
    public static async Task<IReadOnlyList<string>> ReadAsync(int count, IEnumerable<string> words, CancellationToken cancellation)
    {
        using var launcher = count == 1 ? Process.Start(WorkerProcesses.OfThisProgram(words.Append(Option)))! : Start(count, words);
        using var stopping = cancellation.Register(launcher.StandardInput.Close);
        var written = await Task.WhenAll(launcher.StandardOutput.ReadToEndAsync(CancellationToken.None), launcher.StandardError.ReadToEndAsync(CancellationToken.None)).ConfigureAwait(false);
        await launcher.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        string[][] lines = [.. written.Select(text => text.Split('\n').Select(line => OfProcess().Match(line) is { Success: true } match ? match.Groups[1].Value : line).ToArray())];
        return launcher.ExitCode == ExitCodes.Success ? lines[0]
            : throw new TweedieException(lines[1].Select(line => line.Split("error: ", 2)).FirstOrDefault(parts => parts.Length == 2)?[1] ?? OneLine.Of(written[1]), FaultKind.Resources);
    }

    /// <summary>Whether the launcher is in <c>PATH</c>.</summary>
    public static bool IsInstalled() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => folder != "" && File.Exists(Path.Combine(folder, "mpirun")));

    private static Process Start(int count, IEnumerable<string> words)
    {
        var program = WorkerProcesses.OfThisProgram(words.Append(Option));
        // More processes than cores must not spin while they wait. Lines carry the rank of their process, which tells them from the launcher's own.
        string[] launch = ["mpirun", "-np", $"{count}", "--oversubscribe", "--bind-to", "none", "--mca", "mpi_yield_when_idle", "1", "--tag-output"];
        // A session of its own keeps a terminal's Ctrl-C from the launcher, which would kill the processes.
        if (OperatingSystem.IsLinux())
            launch = ["setsid", .. launch];
        var start = new ProcessStartInfo(launch[0], [.. launch[1..], program.FileName, .. program.ArgumentList])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TERM"] = "dumb"; // the launcher gives the processes a terminal, which is none to the user
        if (Environment.UserName == "root") // the launcher asks for this; the processes have the rights of this one
            foreach (var name in (string[])["OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"])
                start.Environment[name] = "1";
        if (!IsInstalled())
            throw new TweedieException($"mpirun is not in PATH; {Install}.", FaultKind.Resources);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new TweedieException($"{launch[0]} cannot be started ({error.Message}); {Install}.", error, FaultKind.Resources);
        }
    }

    private async Task ShowAsync(TextReader reader, TextWriter lasting)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            lock (_line)
            {
                if (OfProcess().Match(text) is { Success: true } match)
                {
                    var said = match.Groups[1].Value;
                    _hasSaidWhy |= said.StartsWith("error: ", StringComparison.Ordinal);
                    if (LiveLine.IsRelayed(said) || lasting == Console.Error)
                        _line.Relay(said, lasting, "");
                    else
                        _line.Print(said);
                }
                else if (text.Trim() != "")
                {
                    _launcherSays.Add(text.Trim());
                }
            }
        }
    }

    [GeneratedRegex(@"^\[\d+,\d+\]<std(?:out|err)>:(.*)$")]
    private static partial Regex OfProcess();

    [GeneratedRegex(@"rank (\d+) .*exited on signal (\d+)")]
    private static partial Regex EndedBySignal();
}
