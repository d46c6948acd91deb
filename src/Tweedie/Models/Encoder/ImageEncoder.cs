using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>An image encoder on its own: the start of a model that is trained on top of it.</summary>
/// <param name="options">The encoder's size and the normalisation of its input.</param>
/// <param name="network">The encoder; owned by this.</param>
public sealed class ImageEncoder(ImageEncoderOptions options, VisionTransformer network) : IDisposable
{
    /// <summary>The encoder's size and the normalisation of its input.</summary>
    public ImageEncoderOptions Options { get; } = options;

    /// <summary>The encoder.</summary>
    public VisionTransformer Network { get; } = network;

    /// <summary>Loads the encoder of a model folder: an imported encoder, or a trained model that has one.</summary>
    /// <exception cref="TweedieException">A file is missing or damaged, the model has no encoder, or its weights do not fit.</exception>
    public static ImageEncoder Load(string folder) => ModelFolder.LoadEncoder(folder);

    /// <summary>Reads what a model folder's config says of its encoder.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing or damaged, or the model has no encoder.</exception>
    public static ImageEncoderOptions ReadOptions(string folder) => ModelFolder.ReadEncoder(folder);

    /// <summary>Writes a model folder, which <see cref="Load"/> and trainings take.</summary>
    /// <exception cref="TweedieException">The folder holds a model already, or cannot be written.</exception>
    public void Save(string folder) => ModelFolder.SaveEncoder(folder, this);

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();
}
