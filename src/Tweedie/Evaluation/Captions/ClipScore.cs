using static TorchSharp.torch;

namespace Tweedie.Evaluation.Captions;

/// <summary>How well captions fit their images according to a CLIP: the mean over the pairs, in the three conventions in use.</summary>
/// <param name="Cosine">The cosine, -1 to 1: what the paper prints (§4.1).</param>
/// <param name="Times100">100·max(cosine, 0): torchmetrics' <c>CLIPScore</c>.</param>
/// <param name="ClipS">2.5·max(cosine, 0): CLIP-S (Hessel et al. 2021), whose captions begin with "A photo depicts ".</param>
public sealed record ClipScore(double Cosine, double Times100, double ClipS)
{
    /// <summary>The score of pairs.</summary>
    /// <param name="images">Vectors of length 1, shape (S, d).</param>
    /// <param name="texts">The caption of each image, vectors of length 1, shape (S, d).</param>
    public static ClipScore Of(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        var cosines = (images.to(float64) * texts.to(float64)).sum(1);
        var positive = cosines.relu().mean().item<double>();
        return new(cosines.mean().item<double>(), 100 * positive, 2.5 * positive);
    }
}
