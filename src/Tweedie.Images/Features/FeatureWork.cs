using System.Diagnostics;

namespace Tweedie.Images;

/// <summary>Computes the features of a source that a cache lacks, in several threads.</summary>
internal sealed class FeatureWork
{
    private const int ImagesATask = 8;
    private const int RowsAShard = 256;

    private readonly FeatureCache _cache;
    private readonly IImageSource _source;
    private readonly FeatureOptions _options;
    private readonly IProgress<FeatureProgress>? _progress;
    private readonly FeatureStamps _stamps;
    private readonly UInt128?[] _contents;
    private readonly Dictionary<int, BadImage> _bad = [];
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly Lock _lock = new();

    private List<FeatureKey> _keys = [];
    private List<Half> _rows = [];
    private int _done;
    private int _encoded;

    public FeatureWork(FeatureCache cache, IImageSource source, FeatureOptions options, IProgress<FeatureProgress>? progress)
    {
        (_cache, _source, _options, _progress) = (cache, source, options, progress);
        _stamps = FeatureStamps.Load(cache.Folder);
        _contents = new UInt128?[source.Count];
    }

    private int RowLength => _cache.Extractor.Tokens * _cache.Extractor.Width;

    public FeatureSet Run(CancellationToken cancellation)
    {
        try
        {
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.Workers, CancellationToken = cancellation };
            Parallel.ForEach(Enumerable.Range(0, _source.Count).Chunk(ImagesATask), parallel, indices => Do(indices, cancellation));
        }
        catch (AggregateException exception) when (exception.InnerExceptions.OfType<TweedieException>().FirstOrDefault() is { } first)
        {
            throw first;
        }
        finally
        {
            lock (_lock)
                Flush();
            _stamps.Save();
        }
        var places = new FeaturePlace?[_source.Count * _options.Views];
        for (var index = 0; index < _source.Count; index++)
            for (var view = 0; view < _options.Views; view++)
                places[index * _options.Views + view] = _contents[index] is { } content ? _cache.Find(new(content, view)) : null;
        return new(_source, _cache.Extractor, _options.Views, places, _bad);
    }

    private void Do(int[] indices, CancellationToken cancellation)
    {
        var (keys, images) = (new List<FeatureKey>(), new List<float>());
        foreach (var index in indices)
        {
            cancellation.ThrowIfCancellationRequested();
            AddMissing(index, keys, images);
        }
        if (keys.Count > 0)
            Encode(keys, images);
        lock (_lock)
        {
            _done += indices.Length;
            _progress?.Report(new(_done, _source.Count, _encoded, _watch.Elapsed.TotalSeconds));
        }
    }

    // The views of an image that the cache lacks. An image whose file is as it was when its features were computed is not read.
    private void AddMissing(int index, List<FeatureKey> keys, List<float> images)
    {
        var stamp = _source.StampOf(index);
        if (stamp is not null && _stamps.Find(stamp) is { } known && Missing(known).Count == 0)
        {
            _contents[index] = known;
            return;
        }
        try
        {
            var image = _source.Read(index);
            var content = FeatureViews.ContentOf(image);
            var values = new float[_cache.Extractor.Input.Length];
            foreach (var key in Missing(content))
            {
                _cache.Extractor.Normalization.Apply(FeatureViews.Cut(image, key, _cache.Extractor), values);
                keys.Add(key);
                images.AddRange(values);
            }
            _contents[index] = content;
            if (stamp is not null)
                _stamps.Add(stamp, content);
        }
        catch (TweedieException exception)
        {
            CountBad(index, exception);
        }
    }

    private List<FeatureKey> Missing(UInt128 content) =>
        [.. Enumerable.Range(0, _options.Views).Select(view => new FeatureKey(content, view)).Where(key => _cache.Find(key) is null)];

    private void CountBad(int index, TweedieException exception)
    {
        lock (_lock)
        {
            _bad.Add(index, new BadImage(index, exception.Message));
            if (_bad.Count > Math.Ceiling(_options.MaxBadShare * _source.Count))
                throw exception;
        }
    }

    private void Encode(List<FeatureKey> keys, List<float> images)
    {
        var features = new float[keys.Count * RowLength];
        _cache.Extractor.Extract(images.ToArray(), keys.Count, features);
        var halves = Array.ConvertAll(features, value => (Half)value);
        if (Array.FindIndex(halves, value => !Half.IsFinite(value)) is >= 0 and var place)
            throw new TweedieException($"{_cache.Extractor.Name}: gives {features[place]}, which float16 cannot hold; use another output of the encoder.", FaultKind.Model);
        lock (_lock)
        {
            _keys.AddRange(keys);
            _rows.AddRange(halves);
            _encoded += keys.Count;
            if (_keys.Count >= RowsAShard)
                Flush();
        }
    }

    private void Flush()
    {
        var (keys, rows) = (_keys, _rows);
        (_keys, _rows) = ([], []);
        _cache.Add(keys, rows.ToArray());
    }
}
