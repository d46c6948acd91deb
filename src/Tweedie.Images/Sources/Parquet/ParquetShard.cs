using System.Globalization;
using System.Text.Json;
using ParquetSharp;

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
            var metadata = file.FileMetaData;
            var columns = new ParquetColumns(path, metadata.Schema, options);
            var names = columns.Label is { } label && metadata.KeyValueMetadata.TryGetValue("huggingface", out var json) ? ParseNames(json, label.Name) : null;
            int[] rows = [.. Enumerable.Range(0, metadata.NumRowGroups).Select(group => Rows(file, group))];
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
        var rows = Rows(file, group);
        var (name, number) = _columns.Image;
        using var groupReader = file.RowGroup(group);
        using var column = groupReader.Column(number);
        using var metadata = groupReader.MetaData.GetColumnChunkMetaData(number);
        var size = Math.Clamp(metadata.TotalUncompressedSize, 0, new FileInfo(Path).Length); // the file may claim any size; the array grows if needed
        var (bytes, ends) = (new byte[size], new int[rows]);
        var end = 0;
        ParquetColumn.Read(column as ColumnReader<ByteArray> ?? throw new InvalidDataException($"{name} holds no bytes"), rows, (row, value) =>
        {
            if (value is { } encoded)
            {
                var file = Span(encoded);
                if (end + file.Length > bytes.Length) // values of a dictionary may come several times
                    Array.Resize(ref bytes, 2 * (end + file.Length));
                file.CopyTo(bytes.AsSpan(end));
                end += file.Length;
            }

            ends[row] = end;
        });
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
    private (string?[] Values, bool AreNumbers) ReadText(ParquetFileReader file, int group, ParquetColumns.Found? found)
    {
        var text = new string?[Rows(file, group)];
        if (found is null)
            return (text, false);
        using var groupReader = file.RowGroup(group);
        using var column = groupReader.Column(found.Number);
        switch (column)
        {
            case ColumnReader<ByteArray> bytes:
                ParquetColumn.Read(bytes, text.Length, (row, value) => text[row] = value is { } utf8 ? System.Text.Encoding.UTF8.GetString(Span(utf8)) : null);
                return (text, false);
            case ColumnReader<int> numbers:
                ParquetColumn.Read(numbers, text.Length, (row, value) => text[row] = value?.ToString(CultureInfo.InvariantCulture));
                return (text, true);
            case ColumnReader<long> numbers:
                ParquetColumn.Read(numbers, text.Length, (row, value) => text[row] = value?.ToString(CultureInfo.InvariantCulture));
                return (text, true);
            case ColumnReader<double> numbers: // pandas turns whole numbers into these where some are missing
                ParquetColumn.Read(numbers, text.Length, (row, value) => text[row] = value is null or double.NaN ? null : Whole(found.Name, value.Value));
                return (text, true);
            default:
                throw new InvalidDataException($"{found.Name} holds neither text nor whole numbers");
        }
    }

    private static string Whole(string column, double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue
        ? ((int)value).ToString(CultureInfo.InvariantCulture)
        : throw new InvalidDataException(FormattableString.Invariant($"{column} holds {value}, which is no whole number"));

    private T Open<T>(Func<ParquetFileReader, T> read)
    {
        try
        {
            using var file = new ParquetFileReader(Path);
            return read(file);
        }
        catch (Exception error) when (error is ParquetException or InvalidDataException or JsonException or InvalidOperationException || error.IsFileError())
        {
            throw new TweedieException($"'{Path}' cannot be read as Parquet: {ForeignContent.Describe(Path) ?? OneLine.Of(error.Message)}", error, error.IsFileError() ? FaultKind.Storage : FaultKind.Input);
        }
    }

    // A row of images takes far more than a byte, so a file cannot have more rows than bytes; such a claim must not take memory.
    private int Rows(ParquetFileReader file, int group)
    {
        using var reader = file.RowGroup(group);
        var (rows, bytes) = (reader.MetaData.NumRows, Math.Min(new FileInfo(Path).Length, int.MaxValue));
        return rows >= 0 && rows <= bytes ? (int)rows : throw new InvalidDataException($"row group {group} claims {rows} rows in a file of {bytes} bytes");
    }

    private static unsafe ReadOnlySpan<byte> Span(ByteArray value) => new((void*)value.Pointer, value.Length);

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
