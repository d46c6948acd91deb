namespace Tweedie.Images;

/// <summary>
/// 32x32 colour images in CIFAR's binary version (Krizhevsky 2009): records of one label byte (CIFAR-10) or a coarse and a fine
/// label byte (CIFAR-100), then 1,024 red, 1,024 green and 1,024 blue bytes. All are held in memory.
/// </summary>
public sealed class CifarSource : IImageSource
{
    private const int Side = 32;
    private const int Plane = Side * Side;
    private const int PixelBytes = 3 * Plane;

    private readonly int _labelBytes;
    private readonly IReadOnlyList<string> _files;
    private readonly byte[][] _records;
    private readonly int[] _starts; // the index of each file's first image, then the total

    private CifarSource(int labelBytes, IReadOnlyList<string> files, IReadOnlyList<string> classNames)
    {
        _labelBytes = labelBytes;
        _files = files;
        ClassNames = classNames;
        Name = files.Count == 1 ? files[0] : Path.GetDirectoryName(files[0]) ?? files[0];
        _records = [.. files.Select(ReadRecords)];
        _starts = new int[files.Count + 1];
        for (var file = 0; file < files.Count; file++)
            _starts[file + 1] = checked(_starts[file] + _records[file].Length / RecordBytes);

        for (var index = 0; index < Count; index++)
        {
            if (GetLabel(index) >= ClassNames.Count)
                throw new TweedieException(
                    $"'{_files[FileOf(index)]}' has label {GetLabel(index)} in {Describe(index)}, " +
                    $"but there are {ClassNames.Count} classes (0 to {ClassNames.Count - 1}).");
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count => _starts[^1];

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private init; } = [];

    private int RecordBytes => _labelBytes + PixelBytes;

    /// <summary>Reads CIFAR-10 files, records of 3,073 bytes.</summary>
    /// <param name="files">The files, in the order of their images (<c>data_batch_1.bin</c>, …).</param>
    /// <returns>The images; the classes come from <c>batches.meta.txt</c> beside the files, else they are numbers.</returns>
    /// <exception cref="TweedieException">A file is missing, is not a whole number of records, or has a label beyond the classes.</exception>
    public static CifarSource OpenCifar10(IReadOnlyList<string> files) => Open(isCifar100: false, files, []);

    /// <summary>Reads CIFAR-100 files, records of 3,074 bytes, with their fine labels.</summary>
    /// <param name="files">The files, in the order of their images (<c>train.bin</c>).</param>
    /// <returns>The images; the classes come from <c>fine_label_names.txt</c> beside the files, else they are numbers.</returns>
    /// <exception cref="TweedieException">A file is missing, is not a whole number of records, or has a label beyond the classes.</exception>
    public static CifarSource OpenCifar100(IReadOnlyList<string> files) => Open(isCifar100: true, files, []);

    /// <summary>Opens the files of a data set of whichever kind.</summary>
    internal static CifarSource Open(bool isCifar100, IReadOnlyList<string> files, IReadOnlyList<string> warnings) =>
        isCifar100 ? new(2, files, ReadNames(files[0], "fine_label_names.txt", 100)) { Warnings = warnings }
            : new(1, files, ReadNames(files[0], "batches.meta.txt", 10)) { Warnings = warnings };

    /// <inheritdoc/>
    public int GetLabel(int index) => Record(index)[_labelBytes - 1];

    /// <inheritdoc/>
    public RasterImage Read(int index)
    {
        var planes = Record(index)[_labelBytes..];
        var pixels = new byte[PixelBytes];
        for (var i = 0; i < PixelBytes; i++)
            pixels[i] = planes[i % 3 * Plane + i / 3];
        return new RasterImage(Side, Side, 3, pixels);
    }

    /// <inheritdoc/>
    public string Describe(int index)
    {
        var file = FileOf(index);
        return $"record {index - _starts[file]} of {_files[file]}";
    }

    private ReadOnlySpan<byte> Record(int index)
    {
        var file = FileOf(index);
        return _records[file].AsSpan((index - _starts[file]) * RecordBytes, RecordBytes);
    }

    private int FileOf(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var file = 0;
        while (index >= _starts[file + 1])
            file++;
        return file;
    }

    private byte[] ReadRecords(string path)
    {
        try
        {
            var length = new FileInfo(path).Length;
            if (length == 0 || length % RecordBytes != 0)
                throw new TweedieException(
                    $"'{path}' has {length} bytes, not a whole number of {RecordBytes}-byte CIFAR-{(_labelBytes == 1 ? 10 : 100)} " +
                    $"records: {ForeignContent.Describe(path) ?? "it is truncated or of another kind"}.");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw new TweedieException($"'{path}' cannot be read: {error.Message}", error, FaultKind.Storage);
        }
    }

    private static string[] ReadNames(string dataFile, string namesFile, int count)
    {
        var path = Path.Combine(Path.GetDirectoryName(dataFile) ?? "", namesFile);
        if (!File.Exists(path))
            return [.. Enumerable.Range(0, count).Select(label => $"{label}")];
        var names = TextFile.Read(path).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.Length == count
            ? names
            : throw new TweedieException($"'{path}' has {names.Length} class names, expected {count}, one per line.");
    }
}
