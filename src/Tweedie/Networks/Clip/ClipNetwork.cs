using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>
/// CLIP (Radford et al. 2021, "Learning Transferable Visual Models From Natural Language Supervision"): an image and a text tower into
/// one space, and the logarithm of the inverse temperature that scales cosines in training.
/// </summary>
public sealed class ClipNetwork : Module
{
    internal const double Epsilon = 1e-5;

    /// <summary>The largest logarithm of the scale: logits are at most 100 times a cosine.</summary>
    private static readonly double _maximumLogScale = Math.Log(100);

    private readonly ClipImageTower image;
    private readonly ClipTextTower text;
    [ComponentName(Name = "logit_scale")]
    private readonly Parameter logScale;

    /// <summary>Creates a network with initial weights from torch's global generator.</summary>
    public ClipNetwork(ClipOptions options) : base(nameof(ClipNetwork))
    {
        image = new ClipImageTower(options);
        text = new ClipTextTower(options);
        logScale = new Parameter(tensor((float)Math.Log(1 / 0.07)));
        RegisterComponents();
    }

    /// <summary>The image tower.</summary>
    public ClipImageTower Image => image;

    /// <summary>The text tower.</summary>
    public ClipTextTower Text => text;

    /// <summary>exp(logit_scale)·cosine for each image and text: (B, B').</summary>
    /// <param name="images">Image features (B, d), as the tower gives them.</param>
    /// <param name="texts">Text features (B', d), as the tower gives them.</param>
    public Tensor Logits(Tensor images, Tensor texts)
    {
        using var scope = NewDisposeScope();
        return (logScale.exp() * Normalize(images).mm(Normalize(texts).t())).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The symmetric contrastive loss of B pairs (Radford et al. 2021, Fig. 3): the mean of the cross-entropies of each image among the
    /// texts and of each text among the images.
    /// </summary>
    /// <param name="images">Shape (B, 3, H, W), normalised.</param>
    /// <param name="rows">Token rows, shape (B, length), int64.</param>
    /// <param name="labelSmoothing">Label smoothing inside the cross-entropies; OpenAI has none.</param>
    public Tensor ContrastiveLoss(Tensor images, Tensor rows, double labelSmoothing = 0)
    {
        using var scope = NewDisposeScope();
        return FeatureLoss(image.forward(images), text.forward(rows), labelSmoothing).MoveToOuterDisposeScope();
    }

    /// <summary>The same loss from the features of the B pairs, (B, d), as the towers give them.</summary>
    internal Tensor FeatureLoss(Tensor images, Tensor texts, double labelSmoothing)
    {
        using var scope = NewDisposeScope();
        ClampScale();
        var logits = Logits(images, texts).to(float32);
        var pairs = TensorArithmetic.Counting(texts.shape[0], int64, texts.device);
        return CrossEntropy(logits).Plus(CrossEntropy(logits.t())).Over(2).MoveToOuterDisposeScope();

        Tensor CrossEntropy(Tensor scores) => functional.cross_entropy(scores, pairs, label_smoothing: labelSmoothing);
    }

    /// <summary>Features of length 1.</summary>
    public static Tensor Normalize(Tensor features) => functional.normalize(features, dim: 1);

    // As in OpenAI's code, the parameter itself is clipped between steps, so that it can fall again.
    private void ClampScale()
    {
        using var noGrad = no_grad();
        using Scalar minimum = 0, maximum = _maximumLogScale;
        logScale.clamp_(minimum, maximum);
    }
}
