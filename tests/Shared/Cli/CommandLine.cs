using System.Diagnostics;
using System.Text.Json;
using Tweedie.Cli;

namespace Tweedie.Tests.Cli;

/// <summary>Runs the command line.</summary>
internal static class CommandLine
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Tweedie.Cli.dll");

    // They seed torch's global generator, which other tests draw from, set its number of threads, or start this program again.
    private static readonly string[] Alone = ["train", "demo", "reproduce", "--threads"];

    /// <summary>Runs it, within this process where it can.</summary>
    public static CommandLineResult Run(params string[] arguments) => arguments.Any(Alone.Contains) ? Run(arguments, []) : RunHere(arguments);

    /// <summary>
    /// Runs it within this process, which saves the second that a process needs to start; also a command that trains, if it is refused before it computes. Where
    /// this process has a terminal, to which the command would write, it has a process of its own.
    /// </summary>
    public static CommandLineResult RunHere(params string[] arguments)
    {
        if (!Console.IsOutputRedirected || !Console.IsErrorRedirected)
            return Run(arguments, []);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = RoutedConsole.Run(output, error, () => CommandLineApp.RunAsync(arguments));
        return new CommandLineResult(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>Runs it as a process of its own, with additional environment variables, and perhaps in another folder.</summary>
    public static CommandLineResult Run(string[] arguments, (string Name, string Value)[] environment, string? folder = null)
    {
        using var process = Start(arguments, environment, folder: folder);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output, error.Result);
    }

    /// <summary>Starts it so that signals reach it, whatever started the tests.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="environment">Additional environment variables.</param>
    /// <param name="ignoresInterrupts">Whether it is started with SIGINT ignored, as a shell starts a background job.</param>
    /// <param name="folder">The folder that it runs in; by default this process's.</param>
    public static Process Start(string[] arguments, (string Name, string Value)[]? environment = null, bool ignoresInterrupts = false, string? folder = null)
    {
        string[] command = ["dotnet", Program, .. arguments];
        if (ignoresInterrupts)
            command = ["sh", "-c", "trap '' INT; exec \"$@\"", "sh", .. command];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        start.Environment.Remove("OMP_NUM_THREADS"); // the commands' own default decides
        foreach (var (name, value) in environment ?? [])
            start.Environment[name] = value;
        using var _ = new DefaultSignals();
        return Process.Start(start)!;
    }
}

/// <summary>What a command printed and returned.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error)
{
    public JsonElement Json() => JsonDocument.Parse(Output).RootElement;

    /// <summary>Asserts how a mistake is reported: by this exit code and exactly one line that holds these words.</summary>
    public void ShouldBeOneLineError(int exitCode, params string[] words)
    {
        ExitCode.Should().Be(exitCode, Error);
        var lines = Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("error: ", StringComparison.Ordinal)).ToList();
        lines.Should().ContainSingle(Error);
        Error.Should().NotContain("   at ", "a user's mistake needs no stack trace");
        lines[0].Should().ContainAll(words);
    }
}
