using Tweedie.Images;
using Tweedie.Sampling;
using Tweedie.Tokens;

namespace Tweedie.Onnx;

/// <summary>An exported image annotator, without libtorch: it predicts several attributes of an image that go together. Thread-safe once created.</summary>
public sealed class OnnxAnnotator : IDisposable
{
    private readonly OnnxTokenModel _model;
    private readonly KnownColumns _columns;

    private OnnxAnnotator(OnnxTokenModel model, KnownColumns columns) => (_model, _columns) = (model, columns);

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => _model.Options;

    /// <summary>The attributes.</summary>
    public TokenColumns Columns => _columns.Columns;

    internal OnnxTokenModel Model => _model;

    /// <summary>Loads the folder of an exported annotator.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported annotator, or a file is missing or damaged.</exception>
    public static OnnxAnnotator Load(string folder, int threads = 1)
    {
        var exported = ExportedFolder.Open(folder, OnnxModelKind.Annotator);
        var columns = KnownColumns.Load(exported);
        return new(new OnnxTokenModel(exported, threads), columns);
    }

    /// <summary>Encodes decoded images of any size, at least one.</summary>
    public OnnxCondition Encode(IReadOnlyList<RasterImage> images) => _model.Encode(images);

    /// <summary>The attributes of images.</summary>
    /// <param name="images">Decoded images of any size, at least one.</param>
    /// <param name="known">A row of ids for each image; <see cref="ITokenRowSource.Missing"/> where an attribute is to be predicted. Null where nothing is known.</param>
    /// <param name="sampling">How to sample, one draw per image; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>For each image, the predicted entry of each attribute with the probability that the network gives it.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do.</exception>
    /// <exception cref="ArgumentException">There are other rows than images, a row has another length, or an id that is none of its place.</exception>
    public IReadOnlyList<IReadOnlyList<Annotation>> Annotate(IReadOnlyList<RasterImage> images, IReadOnlyList<long[]>? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        Annotate(_model.Encode(images), known, sampling, cancellation);

    /// <summary>The attributes of encoded images.</summary>
    /// <inheritdoc cref="Annotate(IReadOnlyList{RasterImage}, IReadOnlyList{long[]}, SamplingOptions, CancellationToken)"/>
    public IReadOnlyList<IReadOnlyList<Annotation>> Annotate(OnnxCondition condition, IReadOnlyList<long[]>? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var resolved = _model.Resolve((sampling ?? new()) with { Draws = 1 });
        var decoding = OnnxDecoding.Of(_model.Denoise(condition, resolved, Known(known, condition.Count), cancellation: cancellation), resolved.Decode!.Value, withProbabilities: true);
        var (tokens, probabilities) = (decoding.Tokens(), decoding.Probabilities());
        return Annotation.Of(Columns, tokens, [.. tokens.Select((id, token) => probabilities[token * Options.Classes + (int)id])]);
    }

    /// <summary>The lazy stream of denoising steps: of B·draws rows, those of an image side by side.</summary>
    /// <param name="condition">The encoded images.</param>
    /// <param name="known">A row of ids for each image; <see cref="ITokenRowSource.Missing"/> where an attribute is to be predicted. Null where nothing is known.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="top">How many of the most probable entries of each attribute are kept per step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do; thrown by the call.</exception>
    /// <exception cref="ArgumentException">There are other rows than images, a row has another length, or an id that is none of its place.</exception>
    public IEnumerable<StepSnapshot> Denoise(OnnxCondition condition, IReadOnlyList<long[]>? known = null, SamplingOptions? sampling = null, int top = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return _model.Denoise(condition, _model.Resolve(sampling), Known(known, condition.Count), cancellation: cancellation).Select(step => step.Snapshot(top));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    internal KnownRows Known(IReadOnlyList<long[]>? rows, int count) => rows is null ? _columns.OfOpen(count)
        : rows.Count == count ? _columns.Of(rows) : throw new ArgumentException($"There are {rows.Count} rows, and {count} images.", nameof(rows));
}
