using System.Diagnostics;
using System.Text.RegularExpressions;
using Tweedie.Tests.Cli;

namespace Tweedie.Tests.Samples;

/// <summary>A program of <c>samples</c>, run as a process, and the pages that show its code.</summary>
internal sealed partial class SampleProgram(string name)
{
    private readonly string _folder = Path.Combine(Shared.RepositoryRoot, "samples", name);

    /// <summary>Runs it.</summary>
    /// <param name="folder">The current folder of the process; null takes that of the tests.</param>
    /// <param name="arguments">Its arguments.</param>
    public CommandLineResult Run(string? folder, params string[] arguments)
    {
        // …/bin/CONFIGURATION/FRAMEWORK, as for these tests
        var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var program = Path.Combine(_folder, "bin", framework.Parent!.Name, framework.Name, $"{name}.dll");
        return Start(folder, "dotnet", [program, .. arguments]);
    }

    /// <summary>Runs a command to its end.</summary>
    public static CommandLineResult Start(string? folder, string program, IEnumerable<string> arguments, params (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder ?? "" };
        foreach (var (name, value) in environment.Prepend(("OMP_NUM_THREADS", "1")))
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new CommandLineResult(process.ExitCode, output, error.Result);
    }

    /// <summary>The lines of the code blocks of a page that do not stand in the sample; and how many do.</summary>
    /// <param name="page">The page, from the repository's root.</param>
    /// <param name="languages">The languages of the blocks.</param>
    public (IReadOnlyList<string> Missing, int Found) Compare(string page, params string[] languages)
    {
        var lines = Directory.GetFiles(_folder).SelectMany(File.ReadAllLines).Select(line => line.Trim()).ToHashSet();
        var shown = CodeBlocks().Matches(File.ReadAllText(Path.Combine(Shared.RepositoryRoot, page))).Where(block => languages.Contains(block.Groups[1].Value))
            .SelectMany(block => block.Groups[2].Value.Split('\n')).Select(line => line.Trim()).Where(line => line is not ("" or "…")).ToList();
        return ([.. shown.Where(line => !lines.Contains(line))], shown.Count(lines.Contains));
    }

    [GeneratedRegex(@"```(\w+)\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlocks();
}
