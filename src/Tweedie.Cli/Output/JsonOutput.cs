using System.Text.Json;
using System.Text.Json.Serialization;
using Tweedie.Storage;

namespace Tweedie.Cli.Output;

/// <summary>Results for programs: camelCase JSON to a file or to standard output.</summary>
internal static class JsonOutput
{
    private static readonly JsonSerializerOptions Options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Whether JSON takes standard output, so that output for people goes elsewhere.</summary>
    public static bool TakesStandardOutput(string? target) => target == "-";

    /// <summary>Refuses a target whose folder does not exist, before work that may take long.</summary>
    /// <exception cref="TweedieException">The folder does not exist.</exception>
    public static void Check(string? target)
    {
        if (!TakesStandardOutput(target))
            OutputFile.Check("--json", target);
    }

    /// <summary>Writes the value to a file, to standard output for "-", or nowhere for null.</summary>
    public static void Write(string? target, object value)
    {
        if (target is null)
            return;
        var json = JsonSerializer.Serialize(value, value.GetType(), Options) + "\n";
        if (TakesStandardOutput(target))
            Console.Out.Write(json);
        else
            AtomicFile.WriteText(target, json);
    }
}
