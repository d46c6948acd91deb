using System.Text.Json;

namespace Tweedie.Storage;

/// <summary>Reads JSON files of other programs into records; keys that the record does not have are ignored.</summary>
public static class JsonFile
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Reads a file whose keys are the record's properties in snake_case; those without a default must be there.</summary>
    /// <exception cref="TweedieException">
    /// The file cannot be read, is not valid JSON, or lacks a key or has a value of another type: the message names line and column.
    /// </exception>
    public static T Read<T>(string path) where T : class
    {
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<T>(stream, Options) ?? throw new TweedieException($"{path}: holds null, expected an object or a list");
        }
        catch (JsonException exception)
        {
            throw new TweedieException($"{path}, line {exception.LineNumber + 1}, column {exception.BytePositionInLine + 1}: {Problem(exception)}", exception);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }

    /// <summary>Refuses a null among the entries of a list; the reader itself accepts it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="list">The list's place in the file, such as <c>$.images</c>; <c>$</c> is the whole file.</param>
    /// <param name="entries">The list.</param>
    /// <exception cref="TweedieException">An entry is null; the message names it.</exception>
    public static void CheckEntries<T>(string path, string list, IReadOnlyList<T?> entries) where T : class
    {
        for (var i = 0; i < entries.Count; i++)
            if (entries[i] is null)
                throw new TweedieException($"{path}: {list}[{i}] is null, expected an object; remove it.");
    }

    // The reader's own message ends with the place, but our message begins with it. The serializer's own message names types of this program.
    private static string Problem(JsonException exception)
    {
        var reason = exception.Message.Split(" Path: ")[0].TrimEnd('.');
        if (exception.InnerException is JsonException)
            return $"is not valid JSON: {OneLine.Of(reason)}";
        var keys = reason.Split("missing required properties including: ");
        return $"{OneLine.Of(exception.Path ?? "$")} {(keys.Length > 1 ? $"lacks {OneLine.Of(keys[1])}" : "has a value of another type than expected")}";
    }
}
