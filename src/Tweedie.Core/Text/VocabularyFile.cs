using Tweedie.Storage;

namespace Tweedie.Text;

/// <summary>A text file with one vocabulary entry per line; errors name the file and the line.</summary>
internal static class VocabularyFile
{
    /// <summary>The first lines of a file of UTF-8 text, decompressed where its name ends in <c>.gz</c>.</summary>
    /// <exception cref="TweedieException">The file is missing, unreadable or not UTF-8.</exception>
    public static List<string> ReadLines(string path, int maximum = int.MaxValue)
    {
        var lines = new List<string>();
        using var reader = new StringReader(TextFile.Read(path));
        while (lines.Count < maximum && reader.ReadLine() is { } line)
            lines.Add(line);
        return lines;
    }

    /// <summary>Reads a list of different, non-empty entries; an entry's id is its line number less one.</summary>
    /// <exception cref="TweedieException">The file is missing or unreadable, has an empty line, or an entry twice.</exception>
    public static Vocabulary ReadEntries(string path)
    {
        var lines = ReadLines(path);
        var ids = new Dictionary<string, int>(lines.Count, StringComparer.Ordinal);
        for (var id = 0; id < lines.Count; id++)
        {
            if (lines[id].Length == 0)
                throw new TweedieException($"{path}, line {id + 1}: empty; a vocabulary has one entry per line.");
            if (!ids.TryAdd(lines[id], id))
                throw new TweedieException(
                    $"{path}, line {id + 1}: '{OneLine.Of(lines[id])}' stands on line {ids[lines[id]] + 1} too; entries must differ.");
        }
        return new Vocabulary(path, lines, ids);
    }

    /// <summary>Writes one entry per line into a folder, which is created if it does not exist.</summary>
    public static void Write(string folder, string name, IEnumerable<string> lines)
    {
        Folder.Create(folder);
        AtomicFile.WriteText(Path.Combine(folder, name), string.Concat(lines.Select(line => line + '\n')));
    }
}
