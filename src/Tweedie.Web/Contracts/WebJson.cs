using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tweedie.Web.Contracts;

/// <summary>How requests and answers are written: camelCase names, names of choices as text, and no member that is not known.</summary>
internal static class WebJson
{
    /// <summary>The options of the serializer.</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Writes names of choices as requests have them.</summary>
    public static void UseNames(JsonSerializerOptions options) => options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            NumberHandling = JsonNumberHandling.Strict,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            MaxDepth = 16,
        };
        UseNames(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
