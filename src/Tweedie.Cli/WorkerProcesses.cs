using System.ComponentModel;
using System.Diagnostics;
using Tweedie.Cli.Output;

namespace Tweedie.Cli;

/// <summary>
/// Runs this program several times side by side. A worker stops in an orderly way when its standard input ends. So it stops with this process,
/// however this process ends.
/// </summary>
internal sealed class WorkerProcesses : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly LiveLine _line;
    private readonly string _advice;
    private Tuple<string, int>? _failed;

    private WorkerProcesses(string advice, LiveLine line, CancellationToken cancellation) =>
        (_advice, _line, _stop) = (advice, line, CancellationTokenSource.CreateLinkedTokenSource(cancellation));

    /// <summary>Runs the workers to their end and shows what they write. The first one that fails stops the others.</summary>
    /// <param name="workers">A name for each, and how it is started; see <see cref="OfThisProgram"/>.</param>
    /// <param name="advice">What the user can do if a worker does not end by itself.</param>
    /// <param name="line">The live line.</param>
    /// <param name="cancellation">Stops the workers.</param>
    /// <returns>0, or the exit code of the first that failed and has printed why.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the workers have ended.</exception>
    /// <exception cref="TweedieException">A worker cannot be started, or ended without printing why.</exception>
    public static async Task<int> RunAsync(
        IEnumerable<(string Name, ProcessStartInfo Start)> workers, string advice, LiveLine line, CancellationToken cancellation)
    {
        using var processes = new WorkerProcesses(advice, line, cancellation);
        await Task.WhenAll(workers.Select(worker => processes.RunOneAsync(worker.Name, worker.Start))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return processes._failed is var (name, exitCode) ? Checked(name, exitCode, advice) : ExitCodes.Success;
    }

    /// <summary>Starts this program.</summary>
    /// <param name="arguments">Its arguments.</param>
    public static ProcessStartInfo OfThisProgram(IEnumerable<string> arguments)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // then the program is a file that dotnet was given
        return new ProcessStartInfo(program, isHost ? arguments.Prepend(Environment.GetCommandLineArgs()[0]) : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    /// <summary>Runs a worker: it works until it is done, or until the process that started it wants it to stop or has ended.</summary>
    /// <param name="work">The work; gets a live line that the other process shows.</param>
    /// <param name="cancellation">Stops it too.</param>
    /// <returns>The exit code.</returns>
    public static int Work(Action<LiveLine, CancellationToken> work, CancellationToken cancellation)
    {
        try
        {
            work(new LiveLine(relayed: true), UntilInputEnds(cancellation)); // nothing to dispose of: the other process shows the line
            return ExitCodes.Success;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted; // the process that started this one reports it
        }
    }

    /// <summary>Returns an exit code that needs no further message.</summary>
    /// <exception cref="TweedieException">The process did not end by itself.</exception>
    internal static int Checked(string name, int exitCode, string advice) => exitCode switch
    {
        ExitCodes.Success or ExitCodes.Failure or ExitCodes.Usage => exitCode, // the worker has printed why itself
        ExitCodes.Killed => throw new TweedieException($"process {name} was killed, perhaps for lack of memory; {advice}."),
        _ => throw new TweedieException($"process {name} ended unexpectedly (exit code {exitCode}); {advice}."),
    };

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    /// <summary>A token that is cancelled when standard input ends, too.</summary>
    internal static CancellationToken UntilInputEnds(CancellationToken cancellation)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation); // lives as long as the process
        var input = Console.OpenStandardInput();
        new Thread(() =>
        {
            input.CopyTo(Stream.Null);
            stop.Cancel();
        })
        { IsBackground = true }.Start();
        return stop.Token;
    }

    private async Task RunOneAsync(string name, ProcessStartInfo start)
    {
        using var process = await StartAsync(start).ConfigureAwait(false);
        using var stopping = _stop.Token.Register(process.StandardInput.Close);
        await Task.WhenAll(
            ShowAsync(process.StandardOutput, Console.Out, name), ShowAsync(process.StandardError, Console.Error, name), process.WaitForExitAsync())
            .ConfigureAwait(false);
        lock (_line)
            _line.Forget(name);
        if (process.ExitCode != 0 && Interlocked.CompareExchange(ref _failed, Tuple.Create(name, process.ExitCode), null) is null)
            await _stop.CancelAsync().ConfigureAwait(false);
    }

    // A worker that cannot be started stops the others too.
    private async Task<Process> StartAsync(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            await _stop.CancelAsync().ConfigureAwait(false);
            throw new TweedieException($"{start.FileName}: another process cannot be started ({error.Message}); {_advice}.", error, FaultKind.Resources);
        }
    }

    private async Task ShowAsync(TextReader reader, TextWriter lasting, string name)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            lock (_line)
                _line.Relay(text, lasting, name);
        }
    }
}
