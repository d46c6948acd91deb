using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <content>Vectors as plain arrays.</content>
public sealed partial class ClipModel
{
    /// <summary>Images to vectors of length 1.</summary>
    /// <param name="images">The images.</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <returns>A vector per image, with the embedding's width.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<float[]> EmbedImages(IEnumerable<RasterImage> images, CancellationToken cancellation = default) => Rows(EncodeImages(images, cancellation));

    /// <summary>Texts to vectors of length 1; a text that is too long is cut off (<see cref="IsTooLong"/>).</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Checked before each batch.</param>
    /// <returns>A vector per text, with the embedding's width.</returns>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<float[]> EmbedTexts(IEnumerable<string> texts, CancellationToken cancellation = default) => Rows(EncodeTexts(texts, cancellation));

    /// <summary>Images to vectors of length 1, on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="EmbedImages"/>
    public Task<IReadOnlyList<float[]>> EmbedImagesAsync(IEnumerable<RasterImage> images, CancellationToken cancellation = default) =>
        OwnThread.Run(() => EmbedImages(images, cancellation), cancellation);

    /// <summary>Texts to vectors of length 1, on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="EmbedTexts"/>
    public Task<IReadOnlyList<float[]>> EmbedTextsAsync(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        OwnThread.Run(() => EmbedTexts(texts, cancellation), cancellation);

    private static float[][] Rows(Tensor encoded)
    {
        using (encoded)
        {
            using var values = encoded.to(float32).cpu();
            return values.shape[0] == 0 ? [] : [.. values.data<float>().ToArray().Chunk((int)values.shape[1])];
        }
    }
}
