using System.IO.Enumeration;
using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>Files of texts and tables: those of a folder and its subfolders, of a pattern, or a single one, in the order of their paths.</summary>
/// <param name="Paths">The files of the split.</param>
/// <param name="Notes">What is left out, one sentence each.</param>
internal sealed record DataFiles(IReadOnlyList<string> Paths, IReadOnlyList<string> Notes)
{
    /// <summary>
    /// Finds the files of a split. Folders and words of file names say the split (<see cref="SplitNames"/>) where one of them says train; where none does, all
    /// files are the training split, and there is no other.
    /// </summary>
    /// <param name="specification">A folder, a file, or a pattern such as <c>folder/*.txt</c>.</param>
    /// <param name="split">The split.</param>
    /// <param name="suffixes">The suffixes of the files that are meant, in a folder.</param>
    /// <param name="kind">What they are, for messages.</param>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="TweedieException">There is nothing of that name, no file of the suffixes, or no such split.</exception>
    public static DataFiles Find(string specification, DataSplit split, IReadOnlyList<string> suffixes, string kind, CancellationToken cancellation)
    {
        if (Directory.Exists(specification))
            return OfFolder(specification, split, suffixes, kind, cancellation);
        if (split != DataSplit.Train)
            throw new TweedieException($"'{specification}' has no {Name(split)} split, because single files and patterns have no splits; name a folder with a part for training and one for testing, or hold a share out.");
        if (File.Exists(specification))
            return new([specification], []);
        if (!specification.AsSpan().ContainsAny('*', '?'))
            throw new TweedieException($"'{specification}' is neither a folder nor a file with {kind}.");
        var folder = Path.GetDirectoryName(specification) is { Length: > 0 } parent ? parent : ".";
        string[] found = Directory.Exists(folder) ? Folder.Listing(folder, () => Directory.GetFiles(folder, Path.GetFileName(specification))) : [];
        return found.Length > 0 ? new([.. found.Order(StringComparer.Ordinal)], [])
            : throw new TweedieException($"No file is called '{specification}'; only the last part of a path may have * and ?.");
    }

    /// <summary>The suffix of a file without <c>.gz</c>, in lower case.</summary>
    public static string SuffixOf(string path) =>
        Path.GetExtension(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^".gz".Length] : path).ToLowerInvariant();

    private static DataFiles OfFolder(string folder, DataSplit split, IReadOnlyList<string> suffixes, string kind, CancellationToken cancellation)
    {
        var all = Folder.Listing(folder, () => Walk(folder, cancellation).Order(StringComparer.Ordinal).ToArray());
        var files = all.Where(file => suffixes.Contains(SuffixOf(file))).ToLookup(PartOf);
        var other = all.Where(file => !suffixes.Contains(SuffixOf(file))).ToArray();
        if (files.Count == 0)
            throw new TweedieException($"'{folder}' holds no {kind} ({string.Join(", ", suffixes)}); it has {(other.Length == 0 ? "no files" : $"{Files(other.Length)} of other kinds ({Suffixes(other)}), which a pattern names, as in '{Path.Combine(folder, "*" + SuffixOf(other[0]))}'")}.");
        var notes = new List<string>();
        if (other.Length > 0)
            notes.Add($"'{folder}': {Files(other.Length)} of other kinds ({Suffixes(other)}) left out.");
        SplitPart[] parts = [.. files.Select(part => part.Key).OfType<SplitPart>()];
        if (!parts.Contains(SplitPart.Train))
            return split == DataSplit.Train ? new([.. files.SelectMany(part => part).Order(StringComparer.Ordinal).Select(In)], notes) : throw Missing();
        if (files[null].FirstOrDefault() is { } nowhere)
            notes.Add($"'{folder}': {Files(files[null].Count())} left out because the name says no split, such as {nowhere}.");
        return SplitNames.Choices(split, parts).Where(part => parts.Contains(part)).ToArray() is [var first, ..] ? new([.. files[first].Select(In)], notes) : throw Missing();

        string In(string file) => Path.Combine(folder, file);

        TweedieException Missing() => new($"'{folder}' has no {Name(split)} split: no folder or file beside a training part is named {(split == DataSplit.Test ? "test or val" : "val beside a test part")}; hold a share out instead.");
    }

    private static FileSystemEnumerable<string> Walk(string folder, CancellationToken cancellation) =>
        new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => Path.GetRelativePath(folder, entry.ToFullPath()), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !Junk.Is(entry.FileName),
            ShouldRecursePredicate = (ref FileSystemEntry entry) =>
            {
                cancellation.ThrowIfCancellationRequested();
                return !Junk.Is(entry.FileName) && !entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
            },
        };

    private static SplitPart? PartOf(string file)
    {
        var names = file.Split(Path.DirectorySeparatorChar);
        return names[..^1].Select(SplitNames.Of).FirstOrDefault(part => part is not null) ?? SplitNames.In(names[^1]);
    }

    private static string Suffixes(IEnumerable<string> files) =>
        string.Join(", ", files.Select(file => SuffixOf(file) is { Length: > 0 } suffix ? suffix : "no suffix").Distinct().Take(5));

    private static string Files(int count) => count == 1 ? "1 file" : $"{count} files";

    private static string Name(DataSplit split) => split switch { DataSplit.Train => "training", DataSplit.Test => "test", _ => "validation" };
}
