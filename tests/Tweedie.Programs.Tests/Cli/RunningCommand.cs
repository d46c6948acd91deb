using System.Diagnostics;

namespace Tweedie.Tests.Cli;

/// <summary>A command in a process of its own, to send signals to.</summary>
internal class RunningCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _error;

    public RunningCommand(params string[] arguments) : this(CommandLine.Start(arguments))
    {
    }

    protected RunningCommand(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _error = _process.StandardError.ReadToEndAsync();
    }

    public int ProcessId => _process.Id;

    /// <summary>Waits for its end and returns what it wrote to standard error.</summary>
    public string Error => _error.Result;

    /// <summary>Waits until it has taken this much more processor time.</summary>
    public void WaitUntilItHasWorked(TimeSpan time)
    {
        var end = _process.TotalProcessorTime + time;
        WaitUntil(() =>
        {
            _process.Refresh();
            return _process.TotalProcessorTime >= end;
        });
    }

    /// <summary>Waits for a condition, for as long as the process lives.</summary>
    public void WaitUntil(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!_process.HasExited && !condition())
        {
            watch.Elapsed.Should().BeLessThan(Patience);
            Thread.Sleep(5);
        }
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{ProcessId}"]);
        kill.WaitForExit();
    }

    /// <summary>Whether it has ended by itself within a time.</summary>
    public bool EndsWithin(TimeSpan time) => _process.WaitForExit(time);

    public int WaitForExit()
    {
        EndsWithin(Patience).Should().BeTrue("it should have ended");
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(); // SIGKILL
        _process.WaitForExit();
        _process.Dispose();
    }
}
