using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>
/// Images whose attributes stand in a table, CSV or JSON lines: a column names the files, and each other column is an attribute. Rows without a file or with an
/// empty cell are left out, with a warning.
/// </summary>
public sealed class AnnotatedTable : IAnnotatedSource
{
    private static readonly string[] UsualColumns = ["file_name", "filename", "file", "image", "image_path", "path", "img", "image_id"];

    private readonly TokenTable _table;
    private readonly int _channels;
    private readonly IReadOnlyList<(string Path, int Row)> _images;

    /// <summary>Reads the table; images are decoded when they are read.</summary>
    /// <param name="name">What the user calls the data.</param>
    /// <param name="paths">The files of the table. The names of images are relative to the folder of the file that names them.</param>
    /// <param name="imageColumn">The column of files; by default it is found by its name, such as <c>file_name</c> or <c>image</c>.</param>
    /// <param name="options">How the table is read.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">The table cannot be read, no column names files, or no row has both a file and all attributes.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public AnnotatedTable(
        string name, IReadOnlyList<string> paths, string? imageColumn = null, TokenTableOptions? options = null, int channels = 3, CancellationToken cancellation = default)
    {
        (Name, _channels) = (name, channels);
        _table = TokenTable.Open(name, paths, (options ?? new()) with { Aside = imageColumn is null ? UsualColumns : [imageColumn] }, cancellation);
        var files = _table.Aside.Select(cell => cell.Text is null ? null : Path.Combine(Path.GetDirectoryName(cell.File) ?? "", cell.Text)).ToList();
        var (row, known) = (new long[_table.Length], new bool[_table.Length]);
        var whole = Enumerable.Range(0, _table.Count).Where(index =>
        {
            _table.Read(0, index, row, known);
            return !row.Contains(ITokenRowSource.Missing);
        }).ToList();
        _images = [.. whole.Where(index => File.Exists(files[index])).Select(index => (files[index]!, index))];
        if (_images.Count == 0)
            throw new TweedieException($"{name}: none of its {_table.Count} rows has both all attributes and an image file"
                + $"{(files.OfType<string>().FirstOrDefault() is { } first ? $", such as {OneLine.Of(first)}" : "")}; files are named relative to the table's folder.");
        Warnings = [.. _table.Warnings, .. LeftOut(whole, files)];
    }

    /// <inheritdoc/>
    public TokenColumns Columns => _table.Columns;

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _images.Count;

    /// <summary>Empty, because the images have attributes and no labels.</summary>
    public IReadOnlyList<string> ClassNames => [];

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; }

    /// <inheritdoc/>
    public bool HasLabel(int index) => false;

    /// <inheritdoc/>
    public int GetLabel(int index) => throw new TweedieException($"{Describe(index)}: has attributes and no label; a classifier needs labelled images.");

    /// <inheritdoc/>
    public void ReadRow(int index, Span<long> row) => _table.Read(epoch: 0, _images[index].Row, row, new bool[row.Length]);

    /// <inheritdoc/>
    public RasterImage Read(int index) => ImageDecoder.DecodeFile(Describe(index), _channels);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => ImageDecoder.DecodeFilePart(Describe(index), _channels, request);

    /// <inheritdoc/>
    public string? StampOf(int index) => ImageFiles.StampOf(Describe(index), _channels);

    /// <inheritdoc/>
    public string Describe(int index) => _images[index].Path;

    private IEnumerable<string> LeftOut(List<int> whole, List<string?> files)
    {
        if (whole.Count < _table.Count)
            yield return $"{Name}: {_table.Count - whole.Count} of {_table.Count} rows lack an attribute and are left out.";
        if (_images.Count < whole.Count)
            yield return $"{Name}: {whole.Count - _images.Count} of {_table.Count} rows name no image file and are left out, such as {OneLine.Of(files[whole.First(index => !File.Exists(files[index]))] ?? "an empty cell")}.";
    }
}
