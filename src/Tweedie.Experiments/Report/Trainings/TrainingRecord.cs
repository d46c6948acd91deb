using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Experiments.Report;

/// <summary>What the folder of a training tells: its settings and, as far as it has come, its log.</summary>
internal sealed class TrainingRecord
{
    private readonly Dictionary<string, SortedDictionary<long, double>> _curves = [];

    private TrainingRecord(string path, RunConfig config) => (Name, Config) = (Path.TrimEndingDirectorySeparator(path), config);

    /// <summary>The folder, as it was given.</summary>
    public string Name { get; }

    /// <summary>The settings.</summary>
    public RunConfig Config { get; }

    /// <summary>The names of the numbers in the log, in the order in which they first came.</summary>
    public IReadOnlyList<string> Names => [.. _curves.Keys];

    /// <summary>Steps done by the last line.</summary>
    public long Steps { get; private set; }

    /// <summary>Time of the training without its evaluations; null in the log of an older version.</summary>
    public TimeSpan? Time { get; private set; }

    /// <summary>Lines that cannot be read, such as the last one of a killed process.</summary>
    public int BadLines { get; private set; }

    /// <summary>Whether a folder is a training's.</summary>
    public static bool IsIn(string path) => File.Exists(new RunFolder(path).Config);

    /// <summary>Reads a training, finished or not. Where a crash left several lines of one step, the newest counts.</summary>
    /// <exception cref="TweedieException">A file cannot be read, the config is not valid, or the training has logged nothing yet.</exception>
    public static TrainingRecord Read(string path)
    {
        var run = new RunFolder(path);
        var record = new TrainingRecord(path, RunConfig.From(ConfigDocument.Load(run.Config)));
        if (!File.Exists(run.Metrics))
            throw new TweedieException($"{path}: is a training that has logged nothing yet; wait for its first line, or leave it out.");
        foreach (var line in TextFile.Read(run.Metrics).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            record.Add(line);
        return record._curves.Count > 0 ? record : throw new TweedieException($"{run.Metrics}: has no line that can be read; leave the training out.");
    }

    /// <summary>The values of a name by step; empty where the log does not have it.</summary>
    public IReadOnlyDictionary<long, double> Curve(string name) => _curves.TryGetValue(name, out var curve) ? curve : new SortedDictionary<long, double>();

    /// <summary>The newest value of a name; null where there is none.</summary>
    public double? Last(string name) => Curve(name) is { Count: > 0 } curve ? curve.Last().Value : null;

    private void Add(string line)
    {
        if (Parse(line) is not { } values || values["step"] is not JsonValue step || !step.TryGetValue<long>(out var at))
        {
            BadLines++;
            return;
        }
        Steps = Math.Max(Steps, at);
        foreach (var (name, value) in values)
        {
            if (name is "step" or "time" || Number(value) is not { } number)
                continue;
            if (name == "seconds")
                Time = TimeSpan.FromSeconds(number);
            else
                (_curves.TryGetValue(name, out var curve) ? curve : _curves[name] = [])[at] = number;
        }
    }

    private static JsonObject? Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Numbers that JSON cannot hold are written as text.
    private static double? Number(JsonNode? value) => value is not JsonValue node ? null
        : node.TryGetValue<double>(out var number) ? number
        : node.TryGetValue<string>(out var text) && double.TryParse(text, CultureInfo.InvariantCulture, out number) ? number : null;
}
