using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// Predicts several attributes of an image that go together: each place of its row of tokens is an attribute with a vocabulary of its own. Attributes that are known
/// can be given. Thread-safe once created.
/// </summary>
public sealed partial class ImageAnnotator : IDisposable
{
    private readonly ColumnConstraints _constraints;

    /// <summary>Wraps a network; the annotator owns it and puts it into evaluation mode.</summary>
    /// <param name="options">The options that the network was built from.</param>
    /// <param name="network">The network.</param>
    /// <param name="columns">The attributes.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="extractor">The frozen encoder whose features the network takes; the annotator owns it. Null where the network has its own.</param>
    /// <exception cref="ArgumentException">There are other columns than tokens.</exception>
    public ImageAnnotator(AnnotatorOptions options, TokenNetwork network, TokenColumns columns, Device? device = null, IFeatureExtractor? extractor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count != options.Tokens)
            throw new ArgumentException($"Expected {options.Tokens} columns, got {columns.Count}.", nameof(columns));
        (Options, Columns, _constraints) = (options, columns, new ColumnConstraints(columns, device ?? CPU));
        Model = new TokenModel(network, options.CreateProcess(columns.VocabularySize), options, options.SamplingOver(RowGenerator.DefaultSampling(options.Method)), device, extractor: extractor)
        {
            Always = _constraints.OfOpenRows(),
        };
    }

    /// <summary>The options that the network was built from.</summary>
    public AnnotatorOptions Options { get; }

    /// <summary>The attributes.</summary>
    public TokenColumns Columns { get; }

    /// <summary>The token model under the annotator.</summary>
    public TokenModel Model { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">In bfloat16, weights take half the memory.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageAnnotator Load(string folder, Device? device = null, Precision precision = Precision.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var options = FrozenEncoder.Locate(folder, ReadOptions(folder));
        var columns = RowGenerator.ReadColumns(folder, options.Tokens);
        return ModelFolder.Load(folder, ModelCost.Of(options, columns.VocabularySize), () => TokenNetwork.Create(options, columns.VocabularySize),
            network => new ImageAnnotator(options, network.Use(precision), columns, device, FrozenEncoder.Open(folder, options)));
    }

    /// <summary>Reads an annotator's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not an annotator's.</exception>
    public static AnnotatorOptions ReadOptions(string folder) => ModelFolder.ReadOptions<AnnotatorOptions>(folder, ModelFolder.Annotator);

    /// <summary>Writes the model folder: <c>config.json</c>, <c>model.safetensors</c> and <c>columns.json</c>.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        Model.CheckNotDisposed();
        Columns.Save(folder);
        ModelFolder.Save(folder, FrozenEncoder.Copy(folder, Options), Model.Network);
    }

    /// <summary>Writes the model folder without its weights.</summary>
    internal void SaveDescription(string folder)
    {
        ModelFolder.SaveOptions(folder, Options);
        Columns.Save(folder);
    }

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => Model.Prepare(images);

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d). Encode once, then sample as often as you like.</summary>
    /// <exception cref="ArgumentException">The images have another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor Encode(Tensor images) => Model.Encode(images);

    /// <summary>The attributes of images.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="known">A row of ids for each image; <see cref="ITokenRowSource.Missing"/> where an attribute is to be predicted. Null where nothing is known.</param>
    /// <param name="sampling">How to sample, one draw per image; null takes the annotator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>For each image, the predicted entry of each attribute with the probability that the network gives it.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The condition has another shape, or a row another length, or an id that is none of its place.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<IReadOnlyList<Annotation>> Annotate(
        Tensor condition, IReadOnlyList<long[]>? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        var resolved = Model.Resolve((sampling ?? new()) with { Draws = 1 });
        using var scope = NewDisposeScope();
        using var constraint = known is null ? null : _constraints.Of(known);
        using var decoding = Decoding.Of(Model.Denoise(condition, resolved, constraint, cancellation), resolved.Decode!.Value, probabilities: true);
        var (tokens, probabilities) = (decoding.Tokens(resolved.Decode!.Value), decoding.Probabilities(resolved.Decode!.Value));
        var chosen = probabilities.gather(2, tokens.unsqueeze(-1)).squeeze(-1).cpu().data<float>().ToArray();
        return Annotation.Of(Columns, tokens.cpu().data<long>().ToArray(), chosen);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _constraints.Dispose();
        Model.Dispose();
    }
}
