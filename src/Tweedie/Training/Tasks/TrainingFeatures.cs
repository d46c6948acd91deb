using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The features of a run's training and held-out images, computed or taken from the cache.</summary>
internal sealed class TrainingFeatures : IDisposable
{
    private const int SampledImages = 2048;

    private readonly FeatureCache _cache;

    /// <summary>Computes what the cache lacks.</summary>
    /// <exception cref="TweedieException">Too many images cannot be read, or the encoder or the disk fails.</exception>
    public TrainingFeatures(
        IFeatureExtractor extractor, DataOptions data, IImageSource train, IImageSource? held, IProgress<FeatureProgress>? progress, CancellationToken cancellation)
    {
        _cache = FeatureCache.Open(data.FeatureCache, extractor);
        var options = new FeatureOptions { Views = data.Views, MaxBadShare = data.MaxBadShare };
        Train = _cache.Complete(train, options, progress, cancellation);
        Held = held is null ? null : _cache.Complete(held, options with { Views = 1 }, progress, cancellation);
    }

    /// <summary>Features of the training images.</summary>
    public FeatureSet Train { get; }

    /// <summary>Features of the held-out images; null where there are none.</summary>
    public FeatureSet? Held { get; }

    /// <summary>Feature vectors of training images spread over the whole, shape (n, d): the same for every run on these images.</summary>
    public Tensor Sample()
    {
        var step = Math.Max(1, Train.Source.Count / SampledImages);
        var rows = new List<float>();
        var row = new float[Train.Tokens * Train.Width];
        for (var index = 0; index < Train.Source.Count; index += step)
        {
            if (Train.BadImages.ContainsKey(index))
                continue;
            Train.Read(index, view: 0, row);
            rows.AddRange(row);
        }
        return tensor(rows.ToArray(), [rows.Count / Train.Width, Train.Width]);
    }

    /// <inheritdoc/>
    public void Dispose() => _cache.Dispose();
}
