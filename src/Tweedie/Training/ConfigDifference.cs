using System.Text.Json;
using System.Text.Json.Nodes;
using Tweedie.Configuration;

namespace Tweedie.Training;

/// <summary>Compares the config of a checkpoint with the one given on resume.</summary>
internal static class ConfigDifference
{
    /// <summary>Refuses to resume when the two differ.</summary>
    /// <exception cref="TweedieException">They differ; the message names the first key that does, and both values.</exception>
    public static void Refuse(RunConfig saved, RunConfig given, string checkpoint)
    {
        if (Find("", ToNode(saved), ToNode(given)) is var (key, before, now))
            throw new TweedieException(
                $"{checkpoint}: {key} was {before}, the config now says {now}; resume with the old value or start anew in another --out.");
    }

    private static (string Key, string Before, string Now)? Find(string key, JsonNode? before, JsonNode? now) =>
        before is JsonObject section
            ? section.Select(entry => Find(OptionsContract.Join(key, entry.Key), entry.Value, now?[entry.Key])).FirstOrDefault(found => found is not null)
            : JsonNode.DeepEquals(before, now) ? null : (key, Show(before), Show(now));

    private static JsonNode? ToNode(RunConfig config) => JsonSerializer.SerializeToNode(config, config.GetType(), OptionsContract.Json);

    private static string Show(JsonNode? value) => OneLine.Of(value?.ToJsonString() ?? "null");
}
