using Tweedie.Text;

namespace Tweedie.Images;

/// <summary>Opens texts by what a user writes in a config file or on the command line.</summary>
public static class TextSources
{
    private static readonly string[] Plain = [".txt", ".text", ".tokens", ".raw"], JsonLines = [".jsonl", ".ndjson"], Parquet = [".parquet"];

    /// <summary>
    /// Opens a split of a text. The specification is a folder, a file or a pattern such as <c>folder/*.md</c>. Files are texts, each of which is a document
    /// (<c>.txt .text .tokens .raw</c>; single files and patterns may have any suffix), JSON lines (<c>.jsonl .ndjson</c>) or Parquet files
    /// (<c>.parquet</c>). The first two may be followed by <c>.gz</c>. The files of a folder are of one kind. They are read in the order of their paths.
    /// A folder has splits where folders or words in file names say train, and test, val or valid, as in <c>wiki.train.tokens</c>.
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part; the test part is the validation part where there is no other.</param>
    /// <param name="options">How the files are read.</param>
    /// <param name="cancellation">Ends the listing of folders.</param>
    /// <exception cref="TweedieException">Nothing is found, the split is missing, the files are of several kinds or empty, or the encoding is not known.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static ITextSource Open(string specification, DataSplit split = DataSplit.Train, TextSourceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        options ??= new TextSourceOptions();
        var files = DataFiles.Find(specification, split, [.. Plain, .. JsonLines, .. Parquet], "texts", cancellation);
        var kinds = files.Paths.ToLookup(KindOf);
        if (kinds.Count > 1)
            throw new TweedieException($"'{specification}' holds files of several kinds ({string.Join(", ", files.Paths.CountBy(DataFiles.SuffixOf).Select(suffix => $"{suffix.Value} {suffix.Key}"))}); name one kind by a pattern, as in '{Path.Combine(specification, "*" + DataFiles.SuffixOf(files.Paths[0]))}'.");
        if (kinds.Single().Key == Kind.Text && options.Field is { } field)
            throw TweedieException.Naming($"'{specification}': {new OptionName("Field", "Field")} = {OneLine.Of(field)} names a field of JSON lines or Parquet files, and these data are plain text; leave it out.");
        ITextSource source = kinds.Single().Key switch
        {
            Kind.Json => new JsonLinesSource(specification, files.Paths, options),
            Kind.Parquet => new ParquetTextSource(specification, files.Paths, options),
            _ => new TextFileSource(specification, files.Paths, options),
        };
        return files.Notes.Count == 0 ? source : new Noted(source, files.Notes);
    }

    /// <summary>The part to open of data that a user names for measuring: the split of a folder or of generated rows, and all of a file or a pattern, which has no splits.</summary>
    /// <param name="specification">The specification of a text or a table.</param>
    /// <param name="split">The split.</param>
    public static DataSplit SplitOf(string specification, DataSplit split) => Directory.Exists(specification) || TokenTables.IsGenerated(specification) ? split : DataSplit.Train;

    private static Kind KindOf(string path) => DataFiles.SuffixOf(path) is var suffix && JsonLines.Contains(suffix) ? Kind.Json : Parquet.Contains(suffix) ? Kind.Parquet : Kind.Text;

    private enum Kind { Text, Json, Parquet }

    private sealed class Noted(ITextSource source, IReadOnlyList<string> notes) : ITextSource
    {
        public string Name => source.Name;

        public string? Stamp => source.Stamp;

        public IReadOnlyList<string> Warnings => [.. notes, .. source.Warnings];

        public IEnumerable<TextChunk> Read(CancellationToken cancellation) => source.Read(cancellation);
    }
}
