using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tweedie.Configuration;

/// <summary>
/// The keys and types of option records as System.Text.Json sees them: one contract for binding, validating and writing,
/// so that they cannot disagree.
/// </summary>
internal static class OptionsContract
{
    public static JsonSerializerOptions Json { get; } = CreateJson();

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Inline { get; } = new(Json) { WriteIndented = false };

    /// <summary>What the type is made of: an object with properties, a list, a dictionary, or a single value.</summary>
    public static JsonTypeInfo Of(Type type) => Json.GetTypeInfo(type);

    /// <summary>The options of a record: its public properties that can be set, under their camelCase names.</summary>
    public static IEnumerable<JsonPropertyInfo> Keys(Type record) => Of(record).Properties.Where(property => property.Set is not null);

    /// <summary>The attributes of the given kind on an option.</summary>
    public static IEnumerable<TAttribute> Attributes<TAttribute>(JsonPropertyInfo property) where TAttribute : Attribute =>
        property.AttributeProvider?.GetCustomAttributes(typeof(TAttribute), inherit: true).Cast<TAttribute>() ?? [];

    /// <summary>The name of an enum's value as it is written in a configuration.</summary>
    public static string EnumName(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>The key of an option inside a section, <c>training.epochs</c>.</summary>
    public static string Join(string section, string key) => section == "" ? key : $"{section}.{key}";

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            IgnoreReadOnlyProperties = true,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for files, never for HTML
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatCannotBeSet } },
        };
        options.MakeReadOnly();
        return options;
    }

    // This also leaves out read-only lists, which System.Text.Json would write although nothing can read them back.
    private static void LeaveOutWhatCannotBeSet(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Set is null).ToList())
            type.Properties.Remove(property);
    }
}
