using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Web.Batching;
using Tweedie.Web.Contracts;

namespace Tweedie.Web.Models;

/// <summary>Images of requests as input of a model.</summary>
internal static class ImageArguments
{
    /// <summary>The size that a model's network takes.</summary>
    public static ModelDescription.ImageSize SizeOf(ImageInputOptions options) => new(options.Input.Width, options.Input.Height, options.Input.Channels);

    /// <summary>An item for each image. The noise of an image follows from the seed and its number in the request, as in a batch of the library.</summary>
    /// <param name="model">The model.</param>
    /// <param name="images">The images.</param>
    /// <param name="sampling">How they are sampled, complete.</param>
    /// <param name="known">The ids that are known of each row; null where none are.</param>
    public static IReadOnlyList<DenoisingJob.Asked> Asked(TokenModel model, IReadOnlyList<RasterImage> images, SamplingOptions sampling, long[]? known) =>
        [.. images.Select((image, number) => new DenoisingJob.Asked(model.Prepare([image]), ItemNoise.Seeds(sampling.Seed, [number], sampling.Draws), known))];
}
