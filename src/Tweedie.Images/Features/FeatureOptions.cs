using System.ComponentModel.DataAnnotations;

namespace Tweedie.Images;

/// <summary>How the features of a data set are computed.</summary>
public sealed record FeatureOptions
{
    /// <summary>
    /// The views of each image: 1 is the image as evaluation sees it, 2 adds its mirror image, and more add random crops of at least 60 % of its area, every
    /// second one mirrored. Training takes a view at random in each epoch.
    /// </summary>
    [Range(1, 64)]
    public int Views { get; init; } = 1;

    /// <summary>Threads that read and encode; by default one per processor.</summary>
    [Range(1, 1024)]
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>The share of the images, rounded up, that may be unreadable and have no features; 0 makes the first one an error.</summary>
    [Range(0.0, 1.0)]
    public double MaxBadShare { get; init; }
}

/// <summary>How far the features of a data set are computed.</summary>
/// <param name="Done">Images whose features are there.</param>
/// <param name="Images">All images.</param>
/// <param name="Encoded">Views that were encoded; the others were in the cache.</param>
/// <param name="Seconds">Time since the beginning.</param>
public sealed record FeatureProgress(int Done, int Images, int Encoded, double Seconds);
