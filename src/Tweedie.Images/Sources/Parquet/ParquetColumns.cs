namespace Tweedie.Images;

/// <summary>Finds the columns of a Parquet file by the names that publishers give them, or by the names that the user gives.</summary>
internal sealed class ParquetColumns
{
    private static readonly Purpose Images = new("images", new("ImageColumn", "data.imageColumn"), ["image", "img", "images", "jpg", "jpeg", "png", "picture", "photo"]);
    private static readonly Purpose Labels = new("labels", new("LabelColumn", "data.labelColumn"),
        ["label", "labels", "fine_label", "class", "classes", "class_label", "class_name", "category", "target", "cls"]);
    private static readonly Purpose Captions = new("captions", new("CaptionColumn", "data.captionColumn"), ["caption_enriched", "caption", "captions", "text"]);

    /// <summary>Refuses names of columns where the data are no Parquet files and have none.</summary>
    /// <exception cref="TweedieException">A column is named.</exception>
    public static void Refuse(string data, ImageSourceOptions options)
    {
        foreach (var (purpose, name) in new[] { (Images, options.ImageColumn), (Labels, options.LabelColumn), (Captions, options.CaptionColumn) })
            if (name is not null)
                throw TweedieException.Naming($"'{data}': {purpose.Option} = {OneLine.Of(name)} names a column of Parquet files, and these data are none; leave it out.");
    }

    private readonly string _path;
    private readonly List<(string Path, int Number, bool IsList, bool IsText)> _leaves;

    private sealed record Purpose(string Holds, OptionName Option, string[] Names);

    /// <summary>A column of the file.</summary>
    /// <param name="Name">Its name, as messages say it.</param>
    /// <param name="Number">Its number in the file.</param>
    public sealed record Found(string Name, int Number);

    /// <summary>Reads the names of the columns.</summary>
    public ParquetColumns(string path, IReadOnlyList<ParquetField> fields, ImageSourceOptions options)
    {
        _path = path;
        _leaves = [.. fields.Select((field, number) => (field.Name, number, field.IsList, field.Kind == ParquetKind.Text))];
        var name = Choose(Images, options.ImageColumn, candidate => ImageOf(candidate) is not null) ?? TheOnlyStruct()
            ?? throw Missing(Images, "no column of image files");
        Image = ImageOf(name)!;
        ImagePath = Leaf($"{name}.path");
        Label = options.NeedsLabels || options.LabelColumn is not null ? Plain(Labels, options.LabelColumn) : TryPlain(Labels);
        Caption = options.CaptionColumn is not null ? Plain(Captions, options.CaptionColumn) : TryPlain(Captions with { Names = ["caption_enriched"] }) ?? TryPlain(Captions);
        if (Label is null && options.NeedsLabels)
            throw Missing(Labels, "no column of labels");
    }

    /// <summary>The bytes of image files.</summary>
    public Found Image { get; }

    /// <summary>The names of image files; null where there is no such column.</summary>
    public Found? ImagePath { get; }

    /// <summary>The labels; null where there are none and none are needed.</summary>
    public Found? Label { get; }

    /// <summary>The captions; null where there are none.</summary>
    public Found? Caption { get; }

    /// <summary>All columns, for messages.</summary>
    public string All => string.Join(", ", _leaves.Select(leaf => leaf.Path));

    private Found? Plain(Purpose purpose, string? given) =>
        Choose(purpose, given, candidate => _leaves.Exists(leaf => !leaf.IsList && Same(leaf.Path, candidate))) is { } name ? Leaf(name) : null;

    // Where a column is not needed, it is no mistake that several could be meant.
    private Found? TryPlain(Purpose purpose) =>
        _leaves.Where(leaf => !leaf.IsList && purpose.Names.Contains(leaf.Path, StringComparer.OrdinalIgnoreCase)).ToList() is [var only] ? new Found(only.Path, only.Number) : null;

    /// <summary>The name of the column that serves a purpose; null where none has a usual name.</summary>
    private string? Choose(Purpose purpose, string? given, Func<string, bool> serves)
    {
        if (given is not null)
            return serves(given) ? given : throw TweedieException.Naming($"'{_path}': {purpose.Option} = {OneLine.Of(given)} names no column of {purpose.Holds}, one per row; it has {All}.");
        return purpose.Names.Where(serves).ToList() switch
        {
            [] => null,
            [var only] => only,
            var several => throw TweedieException.Naming($"'{_path}' has several columns that may hold {purpose.Holds}: {string.Join(", ", several)}; choose one by {purpose.Option}."),
        };
    }

    private TweedieException Missing(Purpose purpose, string problem) =>
        TweedieException.Naming($"'{_path}' has {problem} under a usual name; it has {All}. Name it by {purpose.Option}.");

    // Hugging Face stores an image as a struct of bytes and path, others as bytes.
    private Found? ImageOf(string name) => Leaf($"{name}.bytes") ?? (_leaves.Exists(leaf => leaf.IsText && Same(leaf.Path, name)) ? null : Leaf(name));

    private string? TheOnlyStruct() =>
        _leaves.Where(leaf => leaf.Path.EndsWith(".bytes", StringComparison.Ordinal) && Leaf(leaf.Path[..^".bytes".Length] + ".path") is not null).ToList() is [var only]
            ? only.Path[..^".bytes".Length] : null;

    private Found? Leaf(string path) =>
        _leaves.Where(leaf => !leaf.IsList && Same(leaf.Path, path)).Select(leaf => new Found(leaf.Path, leaf.Number)).FirstOrDefault();

    private static bool Same(string first, string second) => string.Equals(first, second, StringComparison.OrdinalIgnoreCase);
}
