using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Tweedie.Configuration;

/// <summary>An option of a config as a user sees it.</summary>
/// <param name="Name">Its key, such as <c>training.epochs</c>.</param>
/// <param name="Kind">What its values look like, with the range.</param>
/// <param name="Default">Its default as it is written in a config; null where it must be given.</param>
/// <param name="Explanation">What it means, from the source's documentation.</param>
/// <param name="MayChangeOnResume">Whether a resumed run may change it.</param>
/// <param name="Names">For an option with names as values: each name with its explanation; else empty.</param>
public sealed record ConfigKey(
    string Name, string Kind, string? Default, string Explanation, bool MayChangeOnResume, IReadOnlyList<(string Name, string Explanation)> Names)
{
    /// <summary>All keys of a record of options, each section before its keys.</summary>
    /// <param name="record">The record's type.</param>
    /// <exception cref="TweedieException">The documentation beside an assembly is damaged.</exception>
    public static IReadOnlyList<ConfigKey> Of(Type record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return [.. In(record, "", OptionsContract.Of(record).Create!(), mayChange: false)];
    }

    private static IEnumerable<ConfigKey> In(Type record, string path, object defaults, bool mayChange)
    {
        foreach (var property in OptionsContract.Keys(record))
        {
            var (name, value) = (OptionsContract.Join(path, property.Name), property.Get(defaults));
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var isSection = OptionsContract.Of(type).Kind == OptionKind.Record;
            var changes = mayChange || OptionsContract.Attributes<ChangeableOnResumeAttribute>(property).Any();
            yield return new(name, KindOf(type, property), DefaultOf(value, property, isSection), XmlDocumentation.Of(property), changes, NamesOf(type));
            if (isSection)
                foreach (var inner in In(type, name, value ?? OptionsContract.Of(type).Create!(), changes))
                    yield return inner;
        }
    }

    private static string KindOf(Type type, OptionMember property) => OptionsContract.Of(type).Kind switch
    {
        OptionKind.Record => "a section",
        OptionKind.List => $"a list, each item {KindOf(OptionsContract.Of(type).ElementType!, property)}",
        OptionKind.Map => $"a section, each value {KindOf(OptionsContract.Of(type).ElementType!, property)}",
        _ when OptionsContract.Attributes<AllowedValuesAttribute>(property).FirstOrDefault() is { } allowed => $"always {string.Join(" or ", allowed.Values)}",
        _ when OptionsContract.Attributes<ConfigPathAttribute>(property).Any() => "a path, relative to the config's folder",
        _ => ScalarTypes.Describe(Nullable.GetUnderlyingType(type) ?? type, OptionsContract.Attributes<RangeAttribute>(property).FirstOrDefault()),
    };

    private static string? DefaultOf(object? value, OptionMember property, bool isSection)
    {
        if (isSection)
            return value is null ? "none" : "";
        if (value is null)
            return "none";
        return value is "" && OptionsContract.Attributes<RequiredAttribute>(property).Any() ? null
            : JsonSerializer.Serialize(value, value.GetType(), OptionsContract.Inline).Trim('"');
    }

    private static IReadOnlyList<(string, string)> NamesOf(Type type)
    {
        var element = OptionsContract.Of(type).Kind == OptionKind.List ? OptionsContract.Of(type).ElementType! : type;
        return !element.IsEnum ? [] : [.. Enum.GetNames(element).Select(name => (OptionsContract.EnumName(name), XmlDocumentation.Of(element, name)))];
    }
}
