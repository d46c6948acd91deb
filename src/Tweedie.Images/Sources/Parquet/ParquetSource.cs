namespace Tweedie.Images;

/// <summary>
/// Images in Parquet shards, as ImageNet-1K-VL-Enriched has them (<see cref="ParquetShard"/>). A block is a row group. The sixteen last used
/// blocks and the labels of all rows are kept in memory. A row whose label is null or negative has no label: a classifier's training and
/// evaluation count it as one that cannot be read (<see cref="DataOptions.MaxBadShare"/>). Captions need no label.
/// </summary>
public sealed class ParquetSource : IImageSource
{
    // The window that is being read and the next one.
    private const int BlocksKept = 2 * EpochOrder.WindowBlocks;

    private const string Unlabelled = "unlabelled";

    private readonly int _channels;
    private readonly List<(ParquetShard Shard, int Group)> _blocks = [];
    private readonly List<int> _starts = [];
    private readonly int?[] _labels;
    private readonly BlockCache<ParquetImages> _images;
    private readonly BlockCache<string?[]> _captions;

    /// <summary>Opens shards: reads their footers and labels.</summary>
    /// <param name="name">What the user calls the set.</param>
    /// <param name="paths">The shards, in order.</param>
    /// <param name="channels">What images decode to: 3 (sRGB) or 1 (grey).</param>
    /// <param name="classNames">
    /// The classes in label order; by default those that the first shard's metadata name, else the numbers up to the largest label, or the
    /// names in ordinal order.
    /// </param>
    /// <exception cref="TweedieException">A shard cannot be read, or a label is not among the classes.</exception>
    public ParquetSource(string name, IReadOnlyList<string> paths, int channels = 3, IReadOnlyList<string>? classNames = null)
    {
        (Name, _channels) = (name, channels);
        var shards = paths.Select(path => new ParquetShard(path)).ToList();
        foreach (var shard in shards)
        {
            for (var group = 0; group < shard.RowCounts.Count; group++)
            {
                if (shard.RowCounts[group] == 0)
                    continue;
                _starts.Add(Count);
                _blocks.Add((shard, group));
                Count += shard.RowCounts[group];
            }
        }

        var labels = shards.SelectMany(shard => shard.ReadLabels()).ToArray();
        ClassNames = classNames ?? shards.FirstOrDefault()?.ClassNames ?? FindClasses(labels);
        _labels = Number(labels);
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
    public IReadOnlyList<int> BlockStarts => _starts.Count > 0 ? _starts : [0];

    /// <summary>Whether any row has a label.</summary>
    internal bool HasLabels => ClassNames is not [Unlabelled] && _labels.Any(label => label is not null);

    /// <inheritdoc/>
    public bool HasLabel(int index) => _labels[index] is not null;

    /// <inheritdoc/>
    /// <exception cref="TweedieException">The row has no label, and others have.</exception>
    public int GetLabel(int index) => _labels[index] ?? throw new TweedieException($"{Describe(index)} has no label.");

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
    public string Describe(int index)
    {
        var (block, row) = Find(index);
        var (shard, group) = _blocks[block];
        return $"{shard.Path}, row {shard.RowCounts.Take(group).Sum() + row}";
    }

    private RasterImage Decode(int index, PartRequest? request)
    {
        var (block, row) = Find(index);
        return ImageDecoder.DecodePart(_images.Get(block)[row], Describe(index), _channels, request);
    }

    private (int Block, int Row) Find(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var block = _starts.BinarySearch(index) is >= 0 and var exact ? exact : ~_starts.BinarySearch(index) - 1;
        return (block, index - _starts[block]);
    }

    /// <summary>Label numbers, where a negative one means none, as in test sets. Without any label, all rows are of one class.</summary>
    private int?[] Number(string?[] labels)
    {
        if (ClassNames is [Unlabelled])
            return [.. labels.Select(_ => (int?)0)];
        var byName = ClassNames.Select((name, label) => (name, label)).DistinctBy(pair => pair.name).ToDictionary(StringComparer.Ordinal);
        return [.. labels.Select((label, index) => label switch
        {
            null => null,
            _ when byName.TryGetValue(label, out var number) && !int.TryParse(label, out _) => number,
            _ when int.TryParse(label, out var number) && number < ClassNames.Count => number < 0 ? null : (int?)number,
            _ => throw new TweedieException($"{Describe(index)} has the label '{OneLine.Of(label)}', which is none of the {ClassNames.Count} classes."),
        })];
    }

    private static IReadOnlyList<string> FindClasses(string?[] labels)
    {
        var distinct = labels.OfType<string>().Distinct().ToList();
        if (distinct.All(label => int.TryParse(label, out _)))
        {
            var largest = distinct.Select(int.Parse).DefaultIfEmpty(-1).Max();
            return largest < 0 ? [Unlabelled] : [.. Enumerable.Range(0, largest + 1).Select(number => $"{number}")];
        }

        return [.. distinct.Order(StringComparer.Ordinal)];
    }
}
