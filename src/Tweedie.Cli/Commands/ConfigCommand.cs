using System.CommandLine;
using System.Text;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Storage;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie config</c>.</summary>
internal static class ConfigCommand
{
    private const int Indent = 4;

    public static Command Create()
    {
        var key = new Argument<string?>("KEY") { Description = "A key or a section, such as training or training.epochs; by default all", Arity = ArgumentArity.ZeroOrOne };
        var task = new Option<string?>("--task") { Description = $"Only the keys of this task: {string.Join(", ", TrainingTasks.Names)}", HelpName = "NAME" };
        var schema = new Option<string?>("--schema") { Description = "Write a JSON schema of configs to this file, for editors; - is standard output", HelpName = "FILE" };
        var command = new Command("config",
            "Explain the keys of configs: what each means, what it takes and its default.\n"
            + "An editor with YAML support completes keys from a schema that the first line of a config names:\n"
            + "  # yaml-language-server: $schema=tweedie.schema.json\n"
            + "Example: tweedie config training.epochs\n"
            + "         tweedie config --schema tweedie.schema.json")
        { key, task, schema };
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(schema) is { } file)
                WriteSchema(file);
            else
                Explain(parsed.GetValue(key), parsed.GetValue(task));
            return ExitCodes.Success;
        });
        return command;
    }

    private static void WriteSchema(string file)
    {
        OutputFile.Check("--schema", file == "-" ? null : file);
        var schema = ConfigSchema.Write("task", ClassificationRun.Name, TrainingTasks.Configs);
        if (file == "-")
        {
            Console.Out.Write(schema);
            return;
        }
        AtomicFile.WriteText(file, schema);
        Screen.Create().WriteLine($"{file}: written. Begin a config beside it with the line\n  # yaml-language-server: $schema={Path.GetFileName(file)}");
    }

    /// <summary>A key as some tasks have it.</summary>
    private sealed record SharedKey(ConfigKey Key, List<string> Tasks);

    private static void Explain(string? name, string? task)
    {
        if (task is not null && !TrainingTasks.Configs.ContainsKey(task))
            throw new TweedieException($"--task {OneLine.Of(task)}: is unknown{Meant(task, TrainingTasks.Names)}; use one of {string.Join(", ", TrainingTasks.Names)}.");
        var keys = Keys(task);
        var shown = name is null ? keys : [.. keys.Where(key => key.Key.Name == name || key.Key.Name.StartsWith(name + '.', StringComparison.Ordinal))];
        if (shown.Count == 0)
            throw new TweedieException($"there is no key {OneLine.Of(name!)}{Meant(name!, keys.Select(key => key.Key.Name))}; 'tweedie config' lists all.");
        var console = Screen.Create();
        var all = task is null ? TrainingTasks.Names.Count : 1;
        foreach (var key in shown)
            Print(console, key, key.Tasks.Count < all, withNames: shown.Count == 1 || key.Key.Name == name);
    }

    // One entry for the tasks that agree in everything; most keys are the same for all.
    private static List<SharedKey> Keys(string? task)
    {
        var keys = new List<SharedKey>();
        foreach (var (name, record) in TrainingTasks.Configs.Where(entry => task is null || entry.Key == task))
            foreach (var key in ConfigKey.Of(record))
            {
                if (keys.Find(other => other.Key with { Names = key.Names } == key) is { } same)
                    same.Tasks.Add(name);
                else
                    keys.Insert(keys.FindLastIndex(other => other.Key.Name == key.Name) is >= 0 and var place ? place + 1 : keys.Count, new(key, [name]));
            }
        return keys;
    }

    private static void Print(IAnsiConsole console, SharedKey shared, bool sayTasks, bool withNames)
    {
        var key = shared.Key;
        var tasks = sayTasks ? $" ({string.Join(", ", shared.Tasks)})" : "";
        console.WriteLine($"{key.Name}{tasks}");
        var facts = new List<string> { key.Kind };
        if (key.Default is null)
            facts.Add("must be given");
        else if (key.Default != "")
            facts.Add($"default {key.Default}");
        if (key.MayChangeOnResume)
            facts.Add("may change on --resume");
        Indented(console, string.Join("; ", facts));
        Indented(console, key.Explanation == "" ? "not explained: the XML file of the key's assembly is missing beside the program" : key.Explanation);
        foreach (var (name, explanation) in withNames ? key.Names : [])
            Indented(console, $"{name}: {explanation}");
    }

    // Wrapped by words, without blanks at the ends of lines.
    private static void Indented(IAnsiConsole console, string text)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && Indent + line.Length + 1 + word.Length > console.Profile.Width)
                Flush();
            line.Append(line.Length == 0 ? "" : " ").Append(word);
        }
        Flush();

        void Flush()
        {
            console.WriteLine(new string(' ', Indent) + line);
            line.Clear();
        }
    }

    private static string Meant(string name, IEnumerable<string> known)
    {
        var names = known.Distinct().ToList();
        var near = NearestName.Find(name, names) ?? names.Find(other => other.EndsWith($".{name}", StringComparison.Ordinal));
        return near is null ? "" : $" (did you mean {near}?)";
    }
}
