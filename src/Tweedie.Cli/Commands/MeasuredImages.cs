using System.CommandLine;
using System.Diagnostics;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary>
/// The images that a model is measured on. Where the model has a frozen encoder, their features come from the cache that trainings fill; those that are not
/// there are computed first, in several threads, and kept.
/// </summary>
internal sealed class MeasuredImages : IDisposable
{
    private readonly TokenModel _model;
    private readonly IImageSource _source;
    private readonly FeatureCache? _cache;
    private readonly FeatureSet? _features;

    private MeasuredImages(TokenModel model, IImageSource source, FeatureCache? cache, FeatureSet? features, double seconds) =>
        (_model, _source, _cache, _features, Seconds) = (model, source, cache, features, seconds);

    /// <summary>The time that the features have taken.</summary>
    public double Seconds { get; }

    /// <summary>Opens the images, and computes the features that the cache lacks.</summary>
    /// <param name="model">The model.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="source">The images.</param>
    /// <param name="cacheFolder">The folder of the features; by default that of the model's training, where there is one, else the user's.</param>
    /// <param name="line">Shows the progress.</param>
    /// <param name="cancellation">Ends the work; what is computed is kept.</param>
    /// <exception cref="TweedieException">An image cannot be read, or the encoder or the disk fails.</exception>
    public static MeasuredImages Open(TokenModel model, string folder, IImageSource source, string? cacheFolder, LiveLine line, CancellationToken cancellation)
    {
        if (model.Extractor is not { } extractor)
            return new(model, source, null, null, 0);
        var watch = Stopwatch.StartNew();
        var cache = FeatureCache.Open(cacheFolder ?? OfTraining(folder), extractor);
        try
        {
            return new(model, source, cache, cache.Complete(source, null, new FeatureLine(line), cancellation), watch.Elapsed.TotalSeconds);
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    /// <summary>The images, encoded.</summary>
    public IEnumerable<EncodedImages> Stream(int batchSize, CancellationToken cancellation) => _features is { } features
        ? EncodedImages.Stream(_model, features, batchSize, cancellation: cancellation) : EncodedImages.Stream(_model, _source, batchSize, cancellation: cancellation);

    /// <inheritdoc/>
    public void Dispose() => _cache?.Dispose();

    /// <summary><c>--feature-cache</c></summary>
    public static Option<string?> CacheOption() => new("--feature-cache")
    {
        Description = "For a model with a frozen encoder: the folder of kept features; by default that of its training, else tweedie/features in the user's cache folder",
        HelpName = "DIR",
    };

    // A training that came from another machine may name a folder that is not here, and one of another version may have other keys.
    private static string? OfTraining(string folder)
    {
        try
        {
            var config = new RunFolder(Path.GetDirectoryName(Path.GetFullPath(ModelFolder.Find(folder)))!).Config;
            var cache = !File.Exists(config) ? null : RunConfig.From(ConfigDocument.Load(config)) switch
            {
                ClassificationRun run => run.Data.FeatureCache,
                CaptionRun run => run.Data.FeatureCache,
                _ => null,
            };
            return Directory.Exists(cache) ? cache : null;
        }
        catch (TweedieException)
        {
            return null;
        }
    }
}
