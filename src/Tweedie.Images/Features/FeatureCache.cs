using Tweedie.Storage;

namespace Tweedie.Images;

/// <summary>
/// Features of images on disk, computed once: a folder per extractor, known by its fingerprint, with files that are written whole. Features are found by the
/// pixels of the image, whatever its name; several processes may fill one cache at once. A damaged file is deleted, and its features are computed again.
/// </summary>
public sealed class FeatureCache : IDisposable
{
    private static readonly OptionName Option = new("FeatureCache", "data.featureCache");

    private readonly Lock _lock = new();
    private readonly List<FeatureShard> _shards = [];
    private readonly Dictionary<FeatureKey, FeaturePlace> _places = [];

    private FeatureCache(string folder, IFeatureExtractor extractor) => (Folder, Extractor) = (folder, extractor);

    /// <summary>The folder of the extractor's features.</summary>
    public string Folder { get; }

    /// <summary>The frozen encoder.</summary>
    public IFeatureExtractor Extractor { get; }

    /// <summary>The number of feature rows: one per image and view.</summary>
    public int Rows => _places.Count;

    /// <summary>The number of damaged files that were deleted when the cache was opened.</summary>
    public int Damaged { get; private set; }

    /// <summary>The bytes of the files.</summary>
    public long Bytes => Storage.Folder.Listing(Folder, () => Directory.GetFiles(Folder, FeatureShard.Pattern).Sum(path => new FileInfo(path).Length));

    /// <summary>Opens the features of an extractor, and checks each file against its hash.</summary>
    /// <param name="root">The folder of all caches; created if absent. By default <c>tweedie/features</c> in the user's cache folder.</param>
    /// <param name="extractor">The frozen encoder; the cache does not own it.</param>
    /// <exception cref="TweedieException">The folder cannot be read or created, or none is given and the user has none.</exception>
    public static FeatureCache Open(string? root, IFeatureExtractor extractor)
    {
        ArgumentNullException.ThrowIfNull(extractor);
        root ??= UserCache.Folder("features") ?? throw TweedieException.Naming($"{Option} is not given, and the user has no home folder for it; name a folder.");
        var cache = new FeatureCache(Path.Combine(root, extractor.Fingerprint[..16]), extractor);
        Storage.Folder.Create(cache.Folder);
        foreach (var path in Storage.Folder.Listing(cache.Folder, () => Directory.GetFiles(cache.Folder, FeatureShard.Pattern)))
            cache.OpenShard(path);
        return cache;
    }

    /// <summary>The features of a source's images; those that are not there are computed and kept.</summary>
    /// <param name="source">The images.</param>
    /// <param name="options">Which views, how many threads, how many unreadable images.</param>
    /// <param name="progress">Receives the progress.</param>
    /// <param name="cancellation">Ends the work; what is computed is kept.</param>
    /// <exception cref="TweedieException">An image cannot be read and the options do not allow it, or the encoder or the disk fails.</exception>
    public FeatureSet Complete(IImageSource source, FeatureOptions? options = null, IProgress<FeatureProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new FeatureWork(this, source, options ?? new FeatureOptions(), progress).Run(cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _shards.ForEach(shard => shard.Dispose());

    internal FeaturePlace? Find(FeatureKey key)
    {
        lock (_lock)
            return _places.TryGetValue(key, out var place) ? place : null;
    }

    /// <summary>Writes rows as a file of their own.</summary>
    internal void Add(IReadOnlyList<FeatureKey> keys, ReadOnlyMemory<Half> rows)
    {
        if (keys.Count > 0)
            OpenShard(FeatureShard.Write(Folder, Extractor.Tokens, Extractor.Width, keys, rows));
    }

    private void OpenShard(string path)
    {
        try
        {
            if (FeatureShard.Open(path, Extractor.Tokens, Extractor.Width) is not { } shard)
            {
                File.Delete(path);
                Damaged++;
                return;
            }
            lock (_lock)
            {
                _shards.Add(shard);
                foreach (var (row, key) in shard.Keys.Index())
                    _places.TryAdd(key, new(shard, row));
            }
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }
}

/// <summary>Where a row of features lies.</summary>
internal readonly record struct FeaturePlace(FeatureShard Shard, int Row);
