using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>How often the right text is found for an image among all texts, and the right image for a text: shares in 0 to 1.</summary>
/// <param name="ImageToText">The right text is the nearest, or among the nearest five.</param>
/// <param name="TextToImage">The right image is the nearest, or among the nearest five.</param>
public sealed record ImageTextRetrieval((double Top1, double Top5) ImageToText, (double Top1, double Top5) TextToImage)
{
    /// <summary>Measures retrieval among S pairs.</summary>
    /// <param name="images">Vectors of length 1, shape (S, d).</param>
    /// <param name="texts">The text of each image, vectors of length 1, shape (S, d).</param>
    public static ImageTextRetrieval Of(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        var cosines = images.mm(texts.t());
        return new(Count(cosines), Count(cosines.t()));
    }

    private static (double, double) Count(Tensor cosines)
    {
        var count = new TopK();
        count.Add(cosines, TensorArithmetic.Counting(cosines.shape[0], int64, cosines.device));
        return (count.Top1, count.Top5);
    }
}
