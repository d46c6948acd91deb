namespace Tweedie.Images;

/// <summary>A change to an image, random or not. Stateless, so that threads can share it.</summary>
public interface IImageTransform
{
    /// <summary>Returns the changed image, or the same object where nothing changes; never writes into <paramref name="image"/>.</summary>
    /// <param name="image">The image.</param>
    /// <param name="random">The sample's own generator: all randomness comes from it.</param>
    RasterImage Apply(RasterImage image, SampleRandom random);
}
