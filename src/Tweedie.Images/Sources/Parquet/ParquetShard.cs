using System.Globalization;
using System.Text.Json;

namespace Tweedie.Images;

/// <summary>
/// One file of a data set in Parquet, in the layout of Hugging Face's image data sets: image files (<c>image.bytes</c>), labels (numbers or names) and,
/// where it has them, captions; <see cref="ParquetColumns"/> finds them. Any field may be null. No file is held open between calls.
/// </summary>
internal sealed class ParquetShard
{
    private readonly ParquetColumns _columns;

    /// <summary>Reads the file's footer.</summary>
    /// <exception cref="TweedieException">The file cannot be read, or has no images or no labels where they are needed.</exception>
    public ParquetShard(string path, ImageSourceOptions options)
    {
        Path = path;
        (_columns, RowCounts, ClassNames) = Open(file =>
        {
            var columns = new ParquetColumns(path, file.Fields, options);
            var names = columns.Label is { } label && file.Metadata.TryGetValue("huggingface", out var json) ? ParseNames(json, label.Name) : null;
            int[] rows = [.. Enumerable.Range(0, file.Groups).Select(group => Rows(file, group))];
            return (columns, (IReadOnlyList<int>)rows, (IReadOnlyList<string>?)names);
        });
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Rows of each row group.</summary>
    public IReadOnlyList<int> RowCounts { get; }

    /// <summary>The names of numbered labels, if the file has them.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>The names of the columns of images and of captions, for messages.</summary>
    public (string Image, string? Caption) Columns => (_columns.Image.Name, _columns.Caption?.Name);

    /// <summary>The image files of a row group.</summary>
    public ParquetImages ReadImages(int group) => Open(file =>
    {
        var number = _columns.Image.Number;
        var size = Math.Clamp(file.UncompressedBytes(group, number), 0, new FileInfo(Path).Length); // the file may claim any size; the array grows if needed
        var (bytes, ends) = (new byte[size], new int[Rows(file, group)]);
        var (row, end) = (0, 0);
        foreach (var value in file.Bytes(group, number))
        {
            if (value is { } image)
            {
                if (end + image.Length > bytes.Length) // values of a dictionary may come several times
                    Array.Resize(ref bytes, 2 * (end + image.Length));
                image.Span.CopyTo(bytes.AsSpan(end));
                end += image.Length;
            }
            ends[row++] = end;
        }
        return new ParquetImages(bytes, ends);
    });

    /// <summary>The captions of a row group; null where a row has none.</summary>
    public string?[] ReadCaptions(int group) => Open(file => ReadText(file, group, _columns.Caption).Values);

    /// <summary>The names of the image files of a row group; null where a row has none.</summary>
    public string?[] ReadImagePaths(int group) => Open(file => ReadText(file, group, _columns.ImagePath).Values);

    /// <summary>
    /// The classes of all rows by name, or as numbers where nothing names them; null where a row has none. A negative number means none, as in test sets, and
    /// so does an empty text.
    /// </summary>
    /// <exception cref="TweedieException">A label is none of the file's classes.</exception>
    public (string?[] Names, bool AreNumbers) ReadLabels() => Open(file =>
    {
        var (names, areNumbers) = (new List<string?>(), false);
        for (var group = 0; group < RowCounts.Count; group++)
        {
            var (values, numbers) = ReadText(file, group, _columns.Label);
            areNumbers |= numbers;
            foreach (var value in values)
                names.Add(Name(value, numbers, names.Count));
        }

        return (names.ToArray(), areNumbers && ClassNames is null);
    });

    private string? Name(string? label, bool isNumber, int row)
    {
        if (label is null or "" || (isNumber && label[0] == '-'))
            return null;
        if (!isNumber)
            return ClassNames?.Contains(label) != false ? label : throw NoClass(label, row);
        if (ClassNames is null)
            return label;
        return int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < ClassNames.Count ? ClassNames[number] : throw NoClass(label, row);
    }

    private TweedieException NoClass(string label, int row) =>
        new($"{Path}, row {row} has the label '{OneLine.Of(label)}', which is none of the {ClassNames!.Count} classes that the file names.");

    /// <summary>The values of a column as text, and whether they are numbers.</summary>
    private (string?[] Values, bool AreNumbers) ReadText(IParquetFile file, int group, ParquetColumns.Found? found)
    {
        var rows = Rows(file, group);
        if (found is null)
            return (new string?[rows], false);
        return file.Fields[found.Number].Kind switch
        {
            ParquetKind.Text or ParquetKind.Bytes => ([.. file.Bytes(group, found.Number).Select(utf8 => utf8 is { } text ? System.Text.Encoding.UTF8.GetString(text.Span) : null)], false),
            ParquetKind.Int32 or ParquetKind.Int64 => ([.. file.WholeNumbers(group, found.Number).Select(number => number?.ToString(CultureInfo.InvariantCulture))], true),
            // pandas turns whole numbers into these where some are missing
            ParquetKind.Double => ([.. file.Numbers(group, found.Number).Select(number => number is null or double.NaN ? null : Whole(found.Name, number.Value))], true),
            _ => throw new InvalidDataException($"{found.Name} holds neither text nor whole numbers"),
        };
    }

    private static string Whole(string column, double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue
        ? ((int)value).ToString(CultureInfo.InvariantCulture)
        : throw new InvalidDataException(FormattableString.Invariant($"{column} holds {value}, which is no whole number"));

    private T Open<T>(Func<IParquetFile, T> read) => ParquetReading.Read(Path, read);

    // A row of images takes far more than a byte, so a file cannot have more rows than bytes; such a claim must not take memory.
    private int Rows(IParquetFile file, int group)
    {
        var (rows, bytes) = (file.Rows(group), Math.Min(new FileInfo(Path).Length, int.MaxValue));
        return rows >= 0 && rows <= bytes ? (int)rows : throw new InvalidDataException($"row group {group} claims {rows} rows in a file of {bytes} bytes");
    }

    /// <summary>
    /// Hugging Face's description of the columns: <c>info.features.label.names</c>. A name that comes again gets its number, because it is another class:
    /// ImageNet has two cranes.
    /// </summary>
    private static string[]? ParseNames(string json, string label)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.TryGetProperty("info", out var info) && info.TryGetProperty("features", out var features)
            && features.TryGetProperty(label, out var feature) && feature.TryGetProperty("names", out var names)
            ? Different([.. names.EnumerateArray().Select(name => name.GetString() ?? "")])
            : null;
    }

    private static string[] Different(string[] names)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        return [.. names.Select((name, number) => known.Add(name) ? name : $"{name} ({number})")];
    }
}
