using Tweedie.Images;
using static TorchSharp.torch;

namespace Tweedie.Tensors;

/// <summary>
/// Mixes each image of a batch with the one at the mirrored place: whole images (mixup, Zhang et al. 2018) or a box of them (CutMix, Yun
/// et al. 2019), with one share for the batch; labels become shares of classes. Draws and rounding follow timm's batch mode.
/// </summary>
/// <param name="options">What is mixed and how often.</param>
/// <param name="classes">Number of classes K.</param>
/// <param name="labelSmoothing">Share of each target that is spread over all classes, also where nothing is mixed.</param>
internal sealed class Mixup(MixupOptions options, int classes, double labelSmoothing = 0)
{
    private readonly MixupOptions _options = options ?? throw new ArgumentNullException(nameof(options));

    /// <summary>Mixes a batch; the tensors given stay as they are. In a batch of odd size the middle image is mixed with itself.</summary>
    /// <param name="images">Shape (B, C, H, W).</param>
    /// <param name="labels">Shape (B), int64.</param>
    /// <param name="random">The batch's own generator.</param>
    /// <returns>The images, (B, C, H, W), and the soft targets, (B, K), float32, whose rows sum to 1.</returns>
    public (Tensor Images, Tensor Targets) Apply(Tensor images, Tensor labels, SampleRandom random)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(random);
        using var scope = NewDisposeScope();
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        var share = 1.0;
        Tensor mixed;
        if (!random.NextBool(_options.Probability))
        {
            mixed = images.alias();
        }
        else if (DrawCutMix(random))
        {
            share = random.NextBeta(_options.CutMixAlpha, _options.CutMixAlpha);
            var box = Box(height, width, share, random.NextInt(height), random.NextInt(width));
            share = Share(box, height, width); // not the one drawn: the border may have cut the box off
            mixed = Paste(images, box);
        }
        else
        {
            share = random.NextBeta(_options.Alpha, _options.Alpha);
            mixed = Blend(images, share);
        }

        return (mixed.MoveToOuterDisposeScope(), Targets(labels, share).MoveToOuterDisposeScope());
    }

    /// <summary>The box that CutMix replaces: 1 - <paramref name="share"/> of the image about a centre, cut off by the border.</summary>
    internal static CropBox Box(int height, int width, double share, int centreY, int centreX)
    {
        var ratio = Math.Sqrt(1 - share);
        var (halfHeight, halfWidth) = ((int)(height * ratio) / 2, (int)(width * ratio) / 2);
        var (top, bottom) = (Math.Max(centreY - halfHeight, 0), Math.Min(centreY + halfHeight, height));
        var (left, right) = (Math.Max(centreX - halfWidth, 0), Math.Min(centreX + halfWidth, width));
        return new CropBox(left, top, right - left, bottom - top);
    }

    /// <summary>The share of the image that is not in the box.</summary>
    internal static double Share(CropBox box, int height, int width) => 1 - (double)box.Width * box.Height / (width * height);

    /// <summary>x·λ + x'·(1 - λ), where x' is the batch in reverse.</summary>
    internal static Tensor Blend(Tensor images, double share) => images.Times(share).Plus(images.flip(0), 1 - share);

    /// <summary>The images with a box of the batch in reverse.</summary>
    internal static Tensor Paste(Tensor images, CropBox box)
    {
        var mixed = images.clone();
        using var scope = NewDisposeScope();
        Cut(mixed, box).copy_(Cut(images, box).flip(0));
        return mixed;
    }

    /// <summary>Smoothed one-hot labels, mixed with those of the batch in reverse; shape (B, K).</summary>
    internal Tensor Targets(Tensor labels, double share)
    {
        using var scope = NewDisposeScope();
        var uniform = labelSmoothing / classes;
        var targets = nn.functional.one_hot(labels, classes).to(float32).Times(1 - labelSmoothing).Plus(uniform);
        return targets.Times(share).Plus(targets.flip(0), 1 - share).MoveToOuterDisposeScope();
    }

    private bool DrawCutMix(SampleRandom random) =>
        _options.CutMixAlpha > 0 && (_options.Alpha == 0 || random.NextBool(_options.SwitchProbability));

    private static Tensor Cut(Tensor images, CropBox box) => images.narrow(2, box.Top, box.Height).narrow(3, box.Left, box.Width);
}
