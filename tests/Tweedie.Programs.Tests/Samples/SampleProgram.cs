using System.Diagnostics;
using Tweedie.Tests.Cli;

namespace Tweedie.Tests.Samples;

/// <summary>A program of <c>samples</c>, run as a process.</summary>
internal sealed class SampleProgram(string name)
{
    private readonly string _program = Shared.Built(Path.Combine(Shared.RepositoryRoot, "samples", name));

    /// <summary>Runs it.</summary>
    /// <param name="folder">The current folder of the process; null takes that of the tests.</param>
    /// <param name="arguments">Its arguments.</param>
    public CommandLineResult Run(string? folder, params string[] arguments) => Start(folder, "dotnet", [_program, .. arguments]);

    /// <summary>Starts it; the caller ends it.</summary>
    /// <inheritdoc cref="Run"/>
    public Process Begin(string? folder, params string[] arguments) => Begin(folder, "dotnet", [_program, .. arguments]);

    /// <summary>Runs a command to its end.</summary>
    public static CommandLineResult Start(string? folder, string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        using var process = Begin(folder, program, arguments, environment);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output, error.Result);
    }

    private static Process Begin(string? folder, string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment.Prepend(("OMP_NUM_THREADS", "1")))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }
}
