using System.Text.Json;
using Tweedie.Text;

namespace Tweedie.Tokens;

/// <summary>Reads tables in JSON lines: one object per line, with the same fields in each. A value is a text, a number, true or false, null for an unknown one, or a list of these.</summary>
internal static class JsonTable
{
    public static TableFile Open(string path, CancellationToken cancellation)
    {
        foreach (var (number, line) in Lines(path, cancellation))
        {
            using var document = JsonLine.Parse($"{path}, line {number}", line);
            return new TableFile([.. document.RootElement.EnumerateObject().Select(field => field.Name)], Rows(path, cancellation));
        }
        throw new TweedieException($"{path}: has no lines; give a file of JSON lines.");
    }

    private static IEnumerable<TableRow> Rows(string path, CancellationToken cancellation)
    {
        string[]? columns = null;
        foreach (var (number, line) in Lines(path, cancellation))
        {
            var origin = $"{path}, line {number}";
            using var document = JsonLine.Parse(origin, line);
            columns ??= [.. document.RootElement.EnumerateObject().Select(field => field.Name)];
            var cells = new TableCell[columns.Length];
            for (var column = 0; column < columns.Length; column++)
                cells[column] = document.RootElement.TryGetProperty(columns[column], out var value) ? Cell(origin, columns[column], value)
                    : throw new TweedieException($"{origin}: has no field '{OneLine.Of(columns[column])}', which the first line has; write null for an unknown value.");
            if (document.RootElement.EnumerateObject().FirstOrDefault(field => !columns.Contains(field.Name)) is { Value.ValueKind: not JsonValueKind.Undefined } extra)
                throw new TweedieException($"{origin}: has the field '{OneLine.Of(extra.Name)}', which the first line has not.");
            yield return new TableRow(origin, cells);
        }
    }

    private static IEnumerable<(long Number, ReadOnlyMemory<byte> Line)> Lines(string path, CancellationToken cancellation) =>
        ByteLines.Read(path, cancellation).Where(line => !line.Line.Span.Trim(" \t"u8).IsEmpty);

    private static TableCell Cell(string origin, string column, JsonElement value) => value.ValueKind == JsonValueKind.Array
        ? new TableCell(null, [.. value.EnumerateArray().Select(element => Text(origin, column, element))]) : new TableCell(Text(origin, column, value));

    private static string? Text(string origin, string column, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => JsonLine.Text(origin, value) is { Length: > 0 } text ? text : null,
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new TweedieException($"{origin}, column '{OneLine.Of(column)}': {OneLine.Of(value.GetRawText())} is no single value."),
    };
}
