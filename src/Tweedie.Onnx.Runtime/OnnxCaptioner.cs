using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Onnx;

/// <summary>An exported image captioner, of one-hot or masked diffusion, without libtorch. Thread-safe once created.</summary>
public sealed class OnnxCaptioner : IDisposable
{
    private OnnxCaptioner(OnnxTokenModel model, ITokenizer tokenizer) => (Model, Tokenizer) = (model, tokenizer);

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => Model.Options;

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    internal OnnxTokenModel Model { get; }

    /// <summary>Loads the folder of an exported captioner.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported captioner, or a file is missing or damaged.</exception>
    public static OnnxCaptioner Load(string folder, int threads = 1)
    {
        var exported = ExportedFolder.Open(folder, OnnxModelKind.Captioner);
        var tokenizer = exported.Tokenizer();
        return new(new OnnxTokenModel(exported, threads, tokenizer.Special.End, tokenizer.Special.Padding), tokenizer);
    }

    /// <summary>Encodes decoded images of any size, at least one.</summary>
    public OnnxCondition Encode(IReadOnlyList<RasterImage> images) => Model.Encode(images);

    /// <summary>A caption for each image; where the sampling has several draws, the captions of an image stand side by side, or one of them is chosen if it says so.</summary>
    /// <param name="images">Decoded images of any size, at least one.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="template">A text with gaps that each caption fills; null leaves all open.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do; or the template has more tokens than a caption.</exception>
    public IReadOnlyList<string> Caption(IReadOnlyList<RasterImage> images, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default) =>
        Caption(Model.Encode(images), sampling, template, cancellation);

    /// <summary>A caption for each encoded image.</summary>
    /// <inheritdoc cref="Caption(IReadOnlyList{RasterImage}, SamplingOptions?, TokenTemplate?, CancellationToken)"/>
    public IReadOnlyList<string> Caption(OnnxCondition condition, SamplingOptions? sampling = null, TokenTemplate? template = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        var resolved = Model.Resolve(sampling);
        var decoding = OnnxDecoding.Of(Model.Denoise(condition, resolved, Known(template, condition.Count), cancellation: cancellation), resolved.Decode!.Value, withProbabilities: false);
        var rows = decoding.Tokens().Chunk(Options.Tokens);
        return [.. (resolved.Choose == CandidateChoice.None ? rows : rows.Chunk(resolved.Draws).Select(draws => draws[MinimumBayesRisk.Choose(draws, Model.End)])).Select(Sentence)];
    }

    /// <summary>The lazy stream of denoising steps: of B·draws captions, those of an image side by side.</summary>
    /// <param name="condition">The encoded images.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="template">A text with gaps that each caption fills; null leaves all open.</param>
    /// <param name="top">How many of the most probable entries of each token are kept per step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do; thrown by the call.</exception>
    public IEnumerable<StepSnapshot> Denoise(OnnxCondition condition, SamplingOptions? sampling = null, TokenTemplate? template = null, int top = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return Model.Denoise(condition, Model.Resolve(sampling), Known(template, condition.Count), cancellation: cancellation).Select(step => step.Snapshot(top));
    }

    /// <summary>The sentence of a token row, up to its first end token.</summary>
    public string Sentence(IEnumerable<long> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Tokenizer.DecodeRow(row.Select(id => (int)id));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    internal KnownRows? Known(TokenTemplate? template, int count) =>
        template is null ? null : KnownTemplate.Of(template, Options, Tokenizer.Special.End, Tokenizer.Special.Padding).Repeated(count, Options.Tokens);
}
