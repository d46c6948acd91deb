using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Storage;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie init</c>.</summary>
internal static partial class InitCommand
{
    public static Command Create()
    {
        var data = new Argument<string>("DATA") { Description = "A data file or folder, or generated data such as shapes:count=2000,size=32" };
        var output = new Option<string?>("--out") { Description = "The config to write; by default the data's name with .yaml, in the current folder", HelpName = "FILE" };
        var command = new Command("init",
            "Look at data and write a commented config for them, with sizes that fit.\n"
            + "Example: tweedie init photos --out photos.yaml")
        { data, output };
        command.SetAction(parsed =>
        {
            Run(parsed.GetRequiredValue(data), parsed.GetValue(output));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void Run(string data, string? output)
    {
        var isGenerated = DataSurvey.NamesGenerated(data);
        var file = output ?? NameOf(data, isGenerated) + ".yaml";
        OutputFile.Check("--out", file);
        if (File.Exists(file))
            throw new TweedieException($"{file}: exists already; choose another file with --out.");
        var survey = DataSurvey.Of(data);
        if (survey.Classes == 1)
            throw new TweedieException($"'{data}': all {survey.Count:N0} images are of one class; a classifier needs images of at least two, each in a folder of its own.");
        var named = isGenerated ? data : Path.GetRelativePath(Path.GetDirectoryName(Path.GetFullPath(file))!, Path.GetFullPath(data)).Replace('\\', '/');
        AtomicFile.WriteText(file, StarterConfig.Write(Plain().IsMatch(named) ? named : JsonSerializer.Serialize(named), Path.GetFileNameWithoutExtension(file), survey));
        _ = RunConfig.From(ConfigDocument.Load(file)); // what is written can be read
        var console = Screen.Create();
        console.WriteLine($"{data}: {StarterConfig.Describe(survey)}");
        console.WriteLine($"wrote {file}; next:");
        console.WriteLine($"  tweedie train --config {ShellWord.Quote(file)} --dry-run");
        console.WriteLine($"  tweedie train --config {ShellWord.Quote(file)}");
    }

    // The last folder, or a file's name up to its first dot.
    private static string NameOf(string data, bool isGenerated)
    {
        var name = isGenerated ? data.Split(':')[0] : Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(data)));
        name = name.Split('.', 2)[0].Replace("*", "", StringComparison.Ordinal).Replace("?", "", StringComparison.Ordinal).Trim('-', '_', ' ');
        return name == "" ? "run" : name;
    }

    // Paths that YAML takes for text as they are.
    [GeneratedRegex(@"^[A-Za-z0-9_./][A-Za-z0-9_./-]*$")]
    private static partial Regex Plain();
}
