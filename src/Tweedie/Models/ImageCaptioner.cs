using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>An image captioner that denoises all tokens of a sentence in parallel, its masked baseline, or its autoregressive twin. Thread-safe once created.</summary>
public sealed partial class ImageCaptioner : IDisposable
{
    /// <summary>Wraps a network; the captioner owns it and puts it into evaluation mode.</summary>
    /// <param name="options">The options that the network was built from.</param>
    /// <param name="network">The network.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="extractor">The frozen encoder whose features the network takes; the captioner owns it. Null where the network has its own.</param>
    public ImageCaptioner(CaptionerOptions options, TokenNetwork network, ITokenizer tokenizer, Device? device = null, IFeatureExtractor? extractor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (Options, Tokenizer) = (options, tokenizer);
        Model = new TokenModel(network, options.CreateProcess(tokenizer.VocabularySize), options, options.SamplingOver(DefaultSampling), device, tokenizer.Special.End, extractor, tokenizer.Special.Padding);
    }

    /// <summary>How captions are sampled by default: 100 steps, decoded by the last one. An autoregressive captioner has one step per token.</summary>
    public static SamplingOptions DefaultSampling { get; } = new() { Steps = 100, Guidance = 1, Decode = DecodeKind.Last };

    /// <summary>The options that the network was built from.</summary>
    public CaptionerOptions Options { get; }

    /// <summary>The token model under the captioner.</summary>
    public TokenModel Model { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device => Model.Device;

    /// <summary>The network, in evaluation mode.</summary>
    public TokenNetwork Network => Model.Network;

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">
    /// In bfloat16, weights take half the memory, and sampling takes less than half the time where the processor multiplies bfloat16; probabilities change by
    /// about 1 %.
    /// </param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageCaptioner Load(string folder, Device? device = null, Precision precision = Precision.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (options, tokenizer) = (FrozenEncoder.Locate(folder, ReadOptions(folder)), Fault.Of(FaultKind.Model, () => Tokenizers.Load(ModelFolder.Find(folder))));
        return ModelFolder.Load(folder, ModelCost.Of(options, tokenizer.VocabularySize), () => TokenNetwork.Create(options, tokenizer.VocabularySize),
            network => new ImageCaptioner(options, network.Use(precision), tokenizer, device, FrozenEncoder.Open(folder, options)));
    }

    /// <summary>Reads a captioner's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a captioner's.</exception>
    public static CaptionerOptions ReadOptions(string folder) => ModelFolder.ReadOptions<CaptionerOptions>(folder, ModelFolder.Captioner);

    /// <summary>Writes the model folder: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer's files.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        Model.CheckNotDisposed();
        Tokenizer.Save(folder);
        ModelFolder.Save(folder, FrozenEncoder.Copy(folder, Options), Network);
    }

    /// <summary>Writes the model folder without its weights.</summary>
    internal void SaveDescription(string folder)
    {
        ModelFolder.SaveOptions(folder, Options);
        Tokenizer.Save(folder);
    }

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => Model.Prepare(images);

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d). Encode once, then sample as often as you like.</summary>
    /// <exception cref="ArgumentException">The images have another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor Encode(Tensor images) => Model.Encode(images);

    /// <summary>A caption for each of B conditions (B, M, d); where the sampling has several draws, the captions of an image stand side by side.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="sampling">How to sample; null takes the captioner's defaults.</param>
    /// <param name="constraint">What is known of the captions (<see cref="Constrain(TokenTemplate)"/>); null where nothing is.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The condition has another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<string> Caption(Tensor condition, SamplingOptions? sampling = null, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        using var tokens = Rows(condition, Model.Resolve(sampling), constraint, cancellation);
        return Sentences(tokens);
    }

    /// <summary>One of several captions of an image.</summary>
    /// <param name="tokens">The captions' rows, shape (draws, N), int64.</param>
    /// <param name="condition">The image's condition tokens (1, M, d).</param>
    /// <param name="choose">How it is chosen; not <see cref="CandidateChoice.None"/>.</param>
    /// <exception cref="ArgumentException">The tokens have another shape or element type.</exception>
    public string Choose(Tensor tokens, Tensor condition, CandidateChoice choose)
    {
        using var chosen = ChooseRow(tokens, condition, choose);
        return Sentences(chosen)[0];
    }

    /// <summary>The row of one of several captions of an image, shape (1, N), int64.</summary>
    /// <inheritdoc cref="Choose"/>
    public Tensor ChooseRow(Tensor tokens, Tensor condition, CandidateChoice choose)
    {
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("draws", null), ("N", Options.Tokens));
        return Model.Choose(choose, tokens, condition);
    }

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): B·draws trajectories, those of an item side by side.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="sampling">How to sample; null takes the captioner's defaults.</param>
    /// <param name="constraint">What is known of the captions (<see cref="Constrain(TokenTemplate)"/>); null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The condition has another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, TokenConstraint? constraint = null, CancellationToken cancellation = default) =>
        Model.Denoise(condition, sampling, constraint, cancellation);

    /// <summary>What is known of captions with fixed words: those of a template, and that the caption ends behind it unless it goes on.</summary>
    /// <param name="template">The words and the gaps.</param>
    /// <exception cref="TweedieException">The template has more tokens than a caption.</exception>
    public TokenConstraint Constrain(TokenTemplate template) => Constrain([Row(template)]);

    /// <summary>What is known of captions, one row of ids for each: their tokens, and that no caption ends in a gap before a known one.</summary>
    /// <param name="rows">Rows of N ids (<see cref="Row"/>); <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is not in the vocabulary.</exception>
    public TokenConstraint Constrain(IReadOnlyList<long[]> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        IReadOnlySet<int>[] gaps = [.. rows.Select(row => TokenTemplate.GapsInside([.. row.Select(id => id < 0 ? null : (int?)id)]).ToHashSet())];
        return TokenConstraint.OfRows(rows, Options.Tokens, Tokenizer.VocabularySize, Device, barred: ([Tokenizer.Special.End, Tokenizer.Special.Padding], gaps));
    }

    /// <summary>The ids of a caption with fixed words; <see cref="ITokenRowSource.Missing"/> in its gaps.</summary>
    /// <param name="template">The words and the gaps.</param>
    /// <exception cref="TweedieException">The template has more tokens than a caption.</exception>
    public long[] Row(TokenTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return [.. template.Row(Options.Tokens, Tokenizer.Special.End, Tokenizer.Special.Padding).Select(id => id ?? ITokenRowSource.Missing)];
    }

    /// <summary>The sentences of token rows (B, N), int64: each up to its first end token.</summary>
    /// <exception cref="ArgumentException">The tokens have another shape or element type.</exception>
    public IReadOnlyList<string> Sentences(Tensor tokens)
    {
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("B", null), ("N", null));
        using var scope = NewDisposeScope();
        return [.. tokens.cpu().data<long>().ToArray().Chunk((int)tokens.shape[1]).Select(Sentence)];
    }

    /// <summary>The sentence of a token row, up to its first end token.</summary>
    public string Sentence(IEnumerable<long> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Tokenizer.DecodeRow(row.Select(id => (int)id));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    // The captions' rows of tokens, (B·draws, N), by options that are complete.
    private Tensor Rows(Tensor condition, SamplingOptions sampling, TokenConstraint? constraint, CancellationToken cancellation)
    {
        using var decoding = Decoding.Of(Model.Denoise(condition, sampling, constraint, cancellation), sampling.Decode!.Value, probabilities: false);
        return decoding.Tokens(sampling.Decode!.Value);
    }
}
