using System.Text.Json;
using System.Text.Json.Serialization;
using Tweedie.Storage;

namespace Tweedie.Experiments;

/// <summary>The JSON of cells and exhibits.</summary>
internal static class ExperimentJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>Reads a file.</summary>
    /// <exception cref="TweedieException">It cannot be read, or is damaged or of another version.</exception>
    public static T Read<T>(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) ?? throw new JsonException("it is empty");
        }
        catch (JsonException error)
        {
            throw new TweedieException($"{path}: is damaged, or of another version: {OneLine.Of(error.Message)}; delete it, and reproduce with --resume does its work again.", error, FaultKind.Storage);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(path, error);
        }
    }

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public static void Write<T>(string path, T value) => AtomicFile.WriteText(path, JsonSerializer.Serialize(value, Options) + "\n");
}
