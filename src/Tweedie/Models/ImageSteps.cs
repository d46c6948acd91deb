using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Sampling;

namespace Tweedie.Models;

/// <summary>The denoising steps of one image in plain arrays.</summary>
internal static class ImageSteps
{
    /// <summary>Encodes the image when the first step is asked for.</summary>
    public static IEnumerable<StepSnapshot> Of(
        TokenModel model, RasterImage image, int top, SamplingOptions? sampling, TokenConstraint? constraint, CancellationToken cancellation)
    {
        using var images = model.Prepare([image]).DetachFromDisposeScope();
        using var condition = model.Encode(images).DetachFromDisposeScope();
        foreach (var step in model.Denoise(condition, sampling, constraint, cancellation))
            yield return step.Snapshot(top);
    }
}
