using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tweedie.Configuration;

/// <summary>An option that has different values in two records of the same type.</summary>
/// <param name="Key">Its key, <c>training.epochs</c>.</param>
/// <param name="Before">The first record's value as JSON, cut where it is long.</param>
/// <param name="Now">The second record's value.</param>
/// <param name="IsHarmless">Whether the option, or a section that it is in, is <see cref="ChangeableOnResumeAttribute"/>.</param>
public sealed record OptionDifference(string Key, string Before, string Now, bool IsHarmless)
{
    /// <summary>All differences, in the order of the options.</summary>
    /// <param name="before">The first record.</param>
    /// <param name="now">The second record, of the same type.</param>
    public static IReadOnlyList<OptionDifference> Between(object before, object now) => [.. InRecord("", before, now, isHarmless: false)];

    /// <inheritdoc/>
    public override string ToString() => $"{Key} was {Before} and is now {Now}";

    private static IEnumerable<OptionDifference> InRecord(string path, object before, object now, bool isHarmless) =>
        OptionsContract.Keys(before.GetType()).SelectMany(property => InOption(
            OptionsContract.Join(path, property.Name),
            Compared(property, before),
            Compared(property, now),
            isHarmless || OptionsContract.Attributes<ChangeableOnResumeAttribute>(property).Any()));

    // A path is the same file or folder, however it is written.
    private static object? Compared(OptionMember property, object options) => property.Get(options) switch
    {
        string { Length: > 0 } text when OptionsContract.Attributes<ConfigPathAttribute>(property).Any(path => path.IsPath(text)) => Path.GetFullPath(text),
        var value => value,
    };

    private static IEnumerable<OptionDifference> InOption(string key, object? before, object? now, bool isHarmless)
    {
        if (before is not null && now is not null && OptionsContract.Of(before.GetType()).Kind == OptionKind.Record)
            return InRecord(key, before, now, isHarmless);
        var (old, changed) = (ToNode(before), ToNode(now));
        return JsonNode.DeepEquals(old, changed) ? [] : [new(key, Show(old), Show(changed), isHarmless)];
    }

    private static JsonNode? ToNode(object? value) => value is null ? null : JsonSerializer.SerializeToNode(value, value.GetType(), OptionsContract.Json);

    private static string Show(JsonNode? value) => OneLine.Of(value?.ToJsonString() ?? "null");
}
