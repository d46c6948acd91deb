using Tweedie.Images;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>An exported image classifier, or its linear baseline, without libtorch. Thread-safe once created.</summary>
public sealed class OnnxClassifier : IDisposable
{
    private readonly OnnxTokenModel _model;

    private OnnxClassifier(OnnxTokenModel model) => _model = model;

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => _model.Options;

    internal OnnxTokenModel Model => _model;

    /// <summary>Loads the folder of an exported classifier.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported classifier, or a file is missing or damaged.</exception>
    public static OnnxClassifier Load(string folder, int threads = 1) => new(new OnnxTokenModel(ExportedFolder.Open(folder, OnnxModelKind.Classifier), threads));

    /// <summary>Encodes decoded images of any size, at least one.</summary>
    public OnnxCondition Encode(IReadOnlyList<RasterImage> images) => _model.Encode(images);

    /// <summary>Names what an image shows.</summary>
    /// <param name="image">A decoded image of any size.</param>
    /// <param name="top">How many classes, at least 1; at most all are given.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>The most probable classes, best first.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do.</exception>
    public IReadOnlyList<ClassAnswer> Classify(RasterImage image, int top = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(top, 1);
        var prediction = Predict([image], sampling, cancellation);
        return ClassAnswer.Best(Options.ClassNames, prediction.Mean[0], prediction.Variance[0], prediction.Temperature is null ? null : prediction.Probabilities[0], top);
    }

    /// <summary>Encodes images and predicts their classes.</summary>
    /// <inheritdoc cref="Predict(OnnxCondition, SamplingOptions?, CancellationToken)"/>
    public OnnxPrediction Predict(IReadOnlyList<RasterImage> images, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        Predict(_model.Encode(images), sampling, cancellation);

    /// <summary>Predicts the classes of encoded images.</summary>
    /// <param name="condition">The encoded images.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do.</exception>
    public OnnxPrediction Predict(OnnxCondition condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var resolved = _model.Resolve(sampling);
        var isLinear = Options.State == OnnxState.None;
        var statistics = new OnnxStatistics();
        long[]? single = null;
        if (isLinear)
            statistics.Add(Linear(condition), draws: 1);
        else
            for (var (first, together) = (0, OnnxTokenModel.DrawsTogether(condition.Count, resolved.Draws)); first < resolved.Draws; first += together)
            {
                var decoding = OnnxDecoding.Of(_model.Denoise(condition, resolved, draws: together, firstDraw: first, cancellation: cancellation), resolved.Decode!.Value, withProbabilities: true);
                single = resolved.Draws == 1 ? decoding.Tokens() : null;
                statistics.Add(decoding.Probabilities().Chunk(Options.Classes).ToArray(), together);
            }
        return OnnxPrediction.Of(statistics, single, Options.Calibration?.Find(isLinear ? null : resolved)?.Temperature);
    }

    /// <summary>The lazy stream of denoising steps: of B·draws trajectories, those of an image side by side.</summary>
    /// <param name="condition">The encoded images.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="top">How many of the most probable classes are kept per step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do. This and the next are thrown by the call.</exception>
    /// <exception cref="InvalidOperationException">The head is linear: it has no steps.</exception>
    public IEnumerable<StepSnapshot> Denoise(OnnxCondition condition, SamplingOptions? sampling = null, int top = 1, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return _model.Denoise(condition, _model.Resolve(sampling), cancellation: cancellation).Select(step => step.Snapshot(top));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private float[][] Linear(OnnxCondition condition) => [.. condition.Part("logits").Chunk(Options.Classes).Select(logits =>
    {
        TokenScores.Softmax(logits, logits);
        return logits;
    })];
}
