using System.Text.Json.Nodes;
using Tweedie.Configuration;

namespace Tweedie.Experiments.Report;

/// <summary>The settings of trainings, key by key.</summary>
internal static class SettingTable
{
    private const string Absent = "–";

    /// <summary>The settings that are not the same in all trainings, a row per key.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Differences(IReadOnlyList<TrainingRecord> trainings)
    {
        var settings = trainings.Select(training => Flatten("", JsonNode.Parse(ConfigWriter.ToJson(training.Config))).ToDictionary()).ToList();
        return [.. settings.SelectMany(values => values.Keys).Distinct()
            .Select(key => (IReadOnlyList<string>)[key, .. settings.Select(values => values.GetValueOrDefault(key, Absent))])
            .Where(row => row.Skip(1).Distinct().Count() > 1)];
    }

    private static IEnumerable<KeyValuePair<string, string>> Flatten(string path, JsonNode? node) => node is JsonObject section
        ? section.SelectMany(pair => Flatten(path == "" ? pair.Key : $"{path}.{pair.Key}", pair.Value))
        : [new(path, OneLine.Of(node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString() ?? Absent))];
}
