using TorchSharp;
using Tweedie.Images;
using Tweedie.Networks;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// A CLIP, which turns images and texts into vectors of length 1 in one space, where the cosine says how well they fit. Its weights are OpenAI's published
/// ones, or trained by <c>task: clip</c>. Thread-safe once created.
/// </summary>
public sealed partial class ClipModel : IDisposable
{
    internal const int BatchSize = 64;
    private bool _isDisposed;

    /// <summary>Wraps a network; the model owns it and puts it into evaluation mode.</summary>
    public ClipModel(ClipModelOptions options, ClipNetwork network, ITokenizer tokenizer, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (Options, Network, Tokenizer, Device) = (options, network, tokenizer, device ?? CPU);
        Network.to(Device);
        Network.eval();
    }

    /// <summary>The options that the network was built from.</summary>
    public ClipModelOptions Options { get; }

    /// <summary>The network, in evaluation mode.</summary>
    public ClipNetwork Network { get; }

    /// <summary>Turns texts into the text tower's rows.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>The folder that it was loaded from, as it was given; null for a model made in memory.</summary>
    public string? Folder { get; init; }

    /// <summary>SHA-256 of the weights' file, hexadecimal; null for a model made in memory.</summary>
    public string? WeightsHash { get; init; }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>
    /// Loads a folder in one of three layouts: ours, Hugging Face's (<c>config.json</c>, <c>model.safetensors</c>) or OpenAI's names
    /// (<c>openai_config.json</c>, <c>weights_openai.safetensors</c>); each with its tokenizer's files.
    /// </summary>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights or the tokenizer do not fit the config.</exception>
    public static ClipModel Load(string folder, Device? device = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ClipFolder.Load(folder, device ?? CPU);
    }

    /// <summary>Reads a folder's config, in any of the layouts, without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a CLIP's.</exception>
    public static ClipModelOptions ReadOptions(string folder) => ClipFolder.ReadOptions(folder);

    /// <summary>Whether a folder holds a CLIP in a layout that others publish: Hugging Face's or OpenAI's names.</summary>
    /// <exception cref="TweedieException">A config cannot be read.</exception>
    public static bool IsPublished(string folder) => ClipFolder.IsPublished(folder);

    /// <summary>Writes the folder in our layout: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer's file.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ClipFolder.Save(folder, this);
    }

    /// <summary>Decoded images to the image tower's input (B, 3, H, W): resized (bicubic), cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => Options.Prepare(images);

    /// <summary>Texts to token rows (B, length), int64; a text that is too long is cut off.</summary>
    public Tensor Tokenize(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        var length = Options.Network.Text.Length;
        return tensor([.. texts.SelectMany(text => Tokenizer.EncodeRow(text, length)).Select(id => (long)id)], [texts.Count, length]);
    }

    /// <summary>Whether a text is longer than the text tower, which then reads only its beginning.</summary>
    public bool IsTooLong(string text) =>
        Tokenizer.Encode(text).Length + (Tokenizer.Special.Start is null ? 0 : 1) >= Options.Network.Text.Length;

    /// <summary>Images, read as they are needed, to vectors of length 1: (S, embedding width).</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor EncodeImages(IEnumerable<RasterImage> images, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Encode(images, batch => Network.Image.forward(Prepare(batch).to(Device)), cancellation);
    }

    /// <summary>Texts to vectors of length 1: (S, embedding width).</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor EncodeTexts(IEnumerable<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return Encode(texts, batch => Network.Text.forward(Tokenize(batch).to(Device)), cancellation);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        Network.Dispose();
    }

    private Tensor Encode<T>(IEnumerable<T> items, Func<T[], Tensor> features, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var encoded = new List<Tensor>();
        foreach (var batch in items.Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            using var batchScope = NewDisposeScope();
            encoded.Add(ClipNetwork.Normalize(features(batch)).MoveToOuterDisposeScope());
        }
        return (encoded.Count > 0 ? cat(encoded) : zeros([0, Options.Network.EmbeddingWidth], device: Device)).MoveToOuterDisposeScope();
    }
}
