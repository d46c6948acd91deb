using System.Text;
using Tweedie.Text;

namespace Tweedie.Tokens;

/// <summary>
/// Reads tables of comma-separated values (RFC 4180) whose first line names the columns. The separator is a comma, a semicolon or a tab, whichever the first line
/// has most of. Blank lines are passed over.
/// </summary>
internal static class CsvTable
{
    public static TableFile Open(string path, string encoding, CancellationToken cancellation)
    {
        var source = new TextFileSource(path, [path], new TextSourceOptions { Encoding = encoding });
        var (header, separator) = Header(path, source, cancellation);
        return new TableFile(header, Rows(path, source, separator, header.Count, cancellation));
    }

    private static (IReadOnlyList<string> Names, char Separator) Header(string path, TextFileSource source, CancellationToken cancellation)
    {
        var line = Lines(path, source, separator: null, cancellation).FirstOrDefault().Cells?[0] ?? throw new TweedieException($"{path}: has no line with the names of the columns.");
        var separator = ",;\t".MaxBy(candidate => line.Count(character => character == candidate));
        return (Lines(path, source, separator, cancellation).First().Cells, separator);
    }

    private static IEnumerable<TableRow> Rows(string path, TextFileSource source, char separator, int columns, CancellationToken cancellation)
    {
        foreach (var (number, cells) in Lines(path, source, separator, cancellation).Skip(1))
        {
            var origin = $"{path}, line {number}";
            if (cells.Count != columns)
                throw new TweedieException($"{origin}: has {cells.Count} cells, and the first line names {columns} columns.");
            yield return new TableRow(origin, [.. cells.Select(cell => new TableCell(cell.Length == 0 ? null : cell))]);
        }
    }

    // Without a separator, a line is one cell.
    private static IEnumerable<(long Number, IReadOnlyList<string> Cells)> Lines(string path, TextFileSource source, char? separator, CancellationToken cancellation)
    {
        var (cells, cell) = (new List<string>(), new StringBuilder());
        var (line, first, state) = (1L, 1L, State.Start);
        foreach (var chunk in source.Read(cancellation))
        {
            for (var index = 0; index < chunk.Text.Length; index++)
            {
                var character = chunk.Text.Span[index];
                if (state == State.Quoted)
                {
                    line += character == '\n' ? 1 : 0;
                    if (character == '"')
                        state = State.Closed;
                    else
                        cell.Append(character);
                }
                else if (character == '"' && state is State.Start or State.Closed && separator is not null)
                {
                    if (state == State.Closed)
                        cell.Append('"'); // two quotes are one
                    state = State.Quoted;
                }
                else if (character == separator)
                {
                    End();
                }
                else if (character == '\n')
                {
                    if (cells.Count > 0 || cell.Length > 0 || state == State.Closed)
                    {
                        End();
                        yield return (first, cells.ToArray());
                        cells.Clear();
                    }
                    first = ++line;
                }
                else if (character != '\r')
                {
                    if (state == State.Closed)
                        throw new TweedieException($"{path}, line {line}: has '{OneLine.Of(character.ToString())}' after a closing quote; a quote inside quotes is written twice.");
                    state = State.Plain;
                    cell.Append(character);
                }
            }
        }
        if (state == State.Quoted)
            throw new TweedieException($"{path}, line {first}: has a quote that is never closed.");
        if (cells.Count > 0 || cell.Length > 0 || state == State.Closed)
        {
            End();
            yield return (first, cells.ToArray());
        }

        void End()
        {
            cells.Add(cell.ToString());
            cell.Clear();
            state = State.Start;
        }
    }

    private enum State { Start, Plain, Quoted, Closed }
}
