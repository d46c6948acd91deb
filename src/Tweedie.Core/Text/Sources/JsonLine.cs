using System.Text.Json;

namespace Tweedie.Text;

/// <summary>One line of a file of JSON lines.</summary>
internal static class JsonLine
{
    /// <summary>The object that a line holds.</summary>
    /// <exception cref="TweedieException">The line is not valid JSON, or no object.</exception>
    public static JsonDocument Parse(string origin, ReadOnlyMemory<byte> line)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new TweedieException($"{origin}, byte {error.BytePositionInLine + 1}: is not valid JSON: {OneLine.Of(error.Message.Split(" LineNumber: ")[0].TrimEnd('.'))}.", error);
        }
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        using (document)
            throw new TweedieException($"{origin}: is {OneLine.Of(document.RootElement.GetRawText())}, and must be an object with fields, as {{\"text\": \"…\"}}.");
    }

    /// <summary>The text of a string.</summary>
    /// <exception cref="TweedieException">Its bytes are not UTF-8, or it has half of a surrogate pair.</exception>
    public static string Text(string origin, JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException error)
        {
            throw new TweedieException($"{origin}: has a text that is not valid Unicode; mend the line.", error);
        }
    }
}
