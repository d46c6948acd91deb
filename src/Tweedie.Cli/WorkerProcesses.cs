using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Tweedie.Cli.Output;

namespace Tweedie.Cli;

/// <summary>
/// This program run several times side by side, with a share of the processors each. A worker stops in order when its standard input ends,
/// and so with this process, however that ends.
/// </summary>
internal sealed class WorkerProcesses : IDisposable
{
    private readonly CancellationTokenSource _stop;
    private readonly LiveLine _line;
    private int _exitCode;

    private WorkerProcesses(LiveLine line, CancellationToken cancellation) =>
        (_line, _stop) = (line, CancellationTokenSource.CreateLinkedTokenSource(cancellation));

    /// <summary>Runs the workers to their end and shows what they write. The first one that fails stops the others.</summary>
    /// <param name="count">Number of workers.</param>
    /// <param name="start">How one is started; see <see cref="OfThisProgram"/>.</param>
    /// <param name="line">The live line.</param>
    /// <param name="cancellation">Stops the workers.</param>
    /// <returns>0, or the exit code of the first that failed.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the workers have ended.</exception>
    /// <exception cref="TweedieException">A worker cannot be started.</exception>
    public static async Task<int> RunAsync(int count, ProcessStartInfo start, LiveLine line, CancellationToken cancellation)
    {
        using var workers = new WorkerProcesses(line, cancellation);
        await Task.WhenAll(Enumerable.Range(1, count).Select(number => workers.RunOneAsync(start, number))).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();
        return workers._exitCode;
    }

    /// <summary>Starts this program.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="threads">Threads of an operation.</param>
    public static ProcessStartInfo OfThisProgram(IEnumerable<string> arguments, int threads)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet"; // which was given the program as a file
        var start = new ProcessStartInfo(program, isHost ? arguments.Prepend(Environment.GetCommandLineArgs()[0]) : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        return start;
    }

    /// <summary>In a worker: a token that is cancelled when the process that started it wants it to stop, or has ended.</summary>
    public static CancellationToken UntilInputEnds(CancellationToken cancellation)
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

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private async Task RunOneAsync(ProcessStartInfo start, int number)
    {
        using var process = await StartAsync(start).ConfigureAwait(false);
        using var stopping = _stop.Token.Register(process.StandardInput.Close);
        await Task.WhenAll(
            ShowAsync(process.StandardOutput, Console.Out, number), ShowAsync(process.StandardError, Console.Error, number), process.WaitForExitAsync())
            .ConfigureAwait(false);
        if (process.ExitCode != 0 && Interlocked.CompareExchange(ref _exitCode, process.ExitCode, 0) == 0)
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
            throw new TweedieException($"{start.FileName}: a process of --jobs cannot be started ({error.Message}); what is finished is kept: --resume with fewer --jobs.", error);
        }
    }

    private async Task ShowAsync(TextReader reader, TextWriter lasting, int number)
    {
        while (await reader.ReadLineAsync().ConfigureAwait(false) is { } text)
        {
            lock (_line)
                _line.Relay(text, lasting, $"[{number}] ");
        }
    }
}
