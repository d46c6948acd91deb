using System.Globalization;

namespace Tweedie.Images;

/// <summary>
/// Images in Parquet shards, as Hugging Face's data sets have them (<see cref="ParquetShard"/>). A block is a row group. The sixteen last used
/// blocks and the labels of all rows are kept in memory. A row whose label is null or negative has no label: a classifier's training and
/// evaluation count it as one that cannot be read (<see cref="DataOptions.MaxBadShare"/>). Captions need no label.
/// </summary>
public sealed class ParquetSource : IImageSource
{
    // The window that is being read and the next one.
    private const int BlocksKept = 2 * EpochOrder.WindowBlocks;

    private readonly int _channels;
    private readonly List<(ParquetShard Shard, int Group)> _blocks = [];
    private readonly List<int> _starts = [];
    private readonly int[] _labels;
    private readonly BlockCache<ParquetImages> _images;
    private readonly BlockCache<string?[]> _captions;

    /// <summary>
    /// Opens shards: reads their footers and labels. Classes are matched by name between shards: a label that is a number has the name that its own shard's
    /// metadata give it. The classes are those that the metadata name, in their order; else the numbers that occur, or the texts that occur in ordinal order.
    /// </summary>
    /// <param name="name">What the user calls the set.</param>
    /// <param name="paths">The shards, in order.</param>
    /// <param name="options">How they are read. The classes are the shards' own; <see cref="ImageSources.Open"/> matches them with others.</param>
    /// <param name="cancellation">Ends the reading of the shards.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="TweedieException">
    /// A shard cannot be read, has no images, or no labels where they are needed; or a label is not among the classes that its shard names; or some shards
    /// name classes that others number.
    /// </exception>
    public ParquetSource(string name, IReadOnlyList<string> paths, ImageSourceOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ImageSourceOptions();
        (Name, _channels, Notes) = (name, options.Channels, options.Notes);
        var shards = new List<ParquetShard>();
        var labels = new List<(ParquetShard Shard, string?[] Names, bool AreNumbers)>();
        foreach (var path in paths)
        {
            cancellation.ThrowIfCancellationRequested();
            var shard = new ParquetShard(path, options);
            shards.Add(shard);
            var (found, numbers) = shard.ReadLabels();
            labels.Add((shard, found, numbers));
            for (var group = 0; group < shard.RowCounts.Count; group++)
            {
                if (shard.RowCounts[group] == 0)
                    continue;
                _starts.Add(Count);
                _blocks.Add((shard, group));
                Count += shard.RowCounts[group];
            }
        }

        var labelled = labels.Where(entry => entry.Names.Any(label => label is not null)).ToLookup(entry => entry.AreNumbers, entry => entry.Shard.Path);
        var areNumbers = labelled[true].Any();
        if (areNumbers && labelled[false].FirstOrDefault() is { } named)
            throw new TweedieException($"'{name}': {labelled[true].First()} numbers its classes and {named} names them, so they cannot be matched; open them apart.");
        string?[] names = [.. labels.SelectMany(entry => entry.Names)];
        ClassNames = FindClasses(shards, names, areNumbers);
        var byName = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (label, className) in ClassNames.Index())
            byName.TryAdd(className, label);
        _labels = [.. names.Select(label => label is null ? -1 : byName[label])];
        _images = new(BlocksKept, block => _blocks[block].Shard.ReadImages(_blocks[block].Group));
        _captions = new(BlocksKept, block => _blocks[block].Shard.ReadCaptions(_blocks[block].Group));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings => [.. Notes, .. Unlabelled()];

    /// <inheritdoc/>
    public IReadOnlyList<int> BlockStarts => _starts.Count > 0 ? _starts : [0];

    /// <summary>Whether any row has a label.</summary>
    internal bool HasLabels => _labels.Any(label => label >= 0);

    /// <summary>What was noticed when the shards were found.</summary>
    internal IReadOnlyList<string> Notes { get; }

    /// <summary>The column of captions, for messages; null where there is none.</summary>
    internal string? CaptionColumn => _blocks.Count == 0 ? null : _blocks[0].Shard.Columns.Caption;

    /// <inheritdoc/>
    public bool HasLabel(int index) => _labels[index] >= 0;

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The row has no label.</exception>
    public int GetLabel(int index) => HasLabel(index) ? _labels[index] : throw new TweedieException($"{Describe(index)} has no label.");

    /// <summary>The captions of an image: one, or none where the row has none. May be called from several threads at once.</summary>
    public IReadOnlyList<string> GetCaptions(int index)
    {
        var (block, row) = Find(index);
        return _captions.Get(block)[row] is { } caption ? [caption] : [];
    }

    /// <inheritdoc/>
    public RasterImage Read(int index) => Decode(index, request: null);

    /// <inheritdoc/>
    public RasterImage ReadPart(int index, PartRequest request) => Decode(index, request);

    /// <inheritdoc/>
    public string? StampOf(int index)
    {
        var (block, row) = Find(index);
        var (shard, group) = _blocks[block];
        return ImageFiles.StampOf(shard.Path, _channels) is { } file ? $"{file}|{shard.Columns.Image}|{group}|{row}" : null;
    }

    /// <inheritdoc/>
    public string Describe(int index)
    {
        var (block, row) = Find(index);
        var (shard, group) = _blocks[block];
        return $"{shard.Path}, row {shard.RowCounts.Take(group).Sum() + row}";
    }

    private RasterImage Decode(int index, PartRequest? request)
    {
        var (block, row) = Find(index);
        var encoded = _images.Get(block)[row];
        return encoded.IsEmpty ? throw NoImage(index) : ImageDecoder.DecodePart(encoded, Describe(index), _channels, request);
    }

    private TweedieException NoImage(int index)
    {
        var (block, row) = Find(index);
        var (shard, group) = _blocks[block];
        var wayOut = shard.ReadImagePaths(group)[row] is { } path ? $", and the row only names the file '{OneLine.Of(path)}'; give data that hold the files' bytes" : "";
        return new TweedieException($"'{Describe(index)}' cannot be read as an image: {shard.Columns.Image} is null or empty{wayOut}.");
    }

    private IEnumerable<string> Unlabelled()
    {
        if (ClassNames.Count > 0 && _labels.Count(label => label < 0) is > 0 and var count)
            yield return $"'{Name}': {count} of {Count} rows {(count == 1 ? "has" : "have")} no label, such as {Describe(Array.FindIndex(_labels, label => label < 0))}; a classifier counts them as broken.";
    }

    private (int Block, int Row) Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var block = _starts.BinarySearch(index) is >= 0 and var exact ? exact : ~_starts.BinarySearch(index) - 1;
        return (block, index - _starts[block]);
    }

    private static IReadOnlyList<string> FindClasses(List<ParquetShard> shards, string?[] names, bool areNumbers)
    {
        var distinct = names.OfType<string>().Distinct(StringComparer.Ordinal);
        if (areNumbers)
            return [.. distinct.OrderBy(number => long.Parse(number, CultureInfo.InvariantCulture))];
        return [.. shards.SelectMany(shard => shard.ClassNames ?? []).Concat(distinct.Order(StringComparer.Ordinal)).Distinct(StringComparer.Ordinal)];
    }
}
