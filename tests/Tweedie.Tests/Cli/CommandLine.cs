using System.Diagnostics;
using System.Text.Json;

namespace Tweedie.Tests.Cli;

/// <summary>Runs the command line as a process of its own.</summary>
internal static class CommandLine
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Tweedie.Cli.dll");

    public static CommandLineResult Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output, error.Result);
    }

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        return Process.Start(start)!;
    }
}

/// <summary>What a command printed and returned.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;

    /// <summary>A mistake's report: its exit code, and exactly one line that holds these words.</summary>
    public void ShouldBeOneLineError(int exitCode, params string[] words)
    {
        ExitCode.Should().Be(exitCode, Error);
        var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).ToList();
        lines.Should().ContainSingle(Error);
        Error.Should().NotContain("   at ", "a user's mistake needs no stack trace");
        lines[0].Should().ContainAll(words);
    }
}
