using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>An image encoder on its own: the start of a model that is trained on top of it.</summary>
public sealed class ImageEncoder : IDisposable
{
    private readonly VisionTransformer _network;
    private bool _isDisposed;

    /// <summary>Wraps an encoder.</summary>
    /// <param name="options">The encoder's size and the normalisation of its input.</param>
    /// <param name="network">The encoder; owned by this.</param>
    public ImageEncoder(ImageEncoderOptions options, VisionTransformer network)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        (Options, _network) = (options, network);
    }

    /// <summary>The encoder's size and the normalisation of its input.</summary>
    public ImageEncoderOptions Options { get; }

    /// <summary>What an import had to guess, and what it did not read, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; internal init; } = [];

    /// <summary>The encoder.</summary>
    /// <exception cref="ObjectDisposedException">It has been disposed of.</exception>
    public VisionTransformer Network
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _network;
        }
    }

    /// <summary>Loads the encoder of a model folder: an imported encoder, or a trained model that has one.</summary>
    /// <exception cref="TweedieException">A file is missing or damaged, the model has no encoder, or its weights do not fit.</exception>
    public static ImageEncoder Load(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return ModelFolder.LoadEncoder(folder);
    }

    /// <summary>Reads what a model folder's config says of its encoder.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged, or the model has no encoder.</exception>
    public static ImageEncoderOptions ReadOptions(string folder) => ModelFolder.ReadEncoder(folder);

    /// <summary>Writes a model folder, which <see cref="Load"/> and trainings take.</summary>
    /// <exception cref="TweedieException">The folder holds a model already, or cannot be written.</exception>
    /// <exception cref="ObjectDisposedException">The encoder has been disposed of.</exception>
    public void Save(string folder) => ModelFolder.SaveEncoder(folder, this);

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _network.Dispose();
    }
}
