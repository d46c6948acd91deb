namespace Tweedie.Images;

/// <summary>A frozen image encoder: it turns images into features, and nothing trains it. Its results are worth keeping (<see cref="FeatureCache"/>).</summary>
public interface IFeatureExtractor : IDisposable
{
    /// <summary>What a user would call it, such as its file.</summary>
    string Name { get; }

    /// <summary>
    /// The SHA-256, in hexadecimal, of all that decides the features besides the pixels: the encoder's file, the output and the preprocessing. Extractors with
    /// one fingerprint give the same features.
    /// </summary>
    string Fingerprint { get; }

    /// <summary>The shape of an image that it takes.</summary>
    ImageShape Input { get; }

    /// <summary>Brings a decoded image to that size.</summary>
    IImageTransform Transform { get; }

    /// <summary>Turns its pixels into numbers.</summary>
    Normalization Normalization { get; }

    /// <summary>M, the number of feature vectors of an image: 1 where the features are pooled.</summary>
    int Tokens { get; }

    /// <summary>d, the length of a feature vector.</summary>
    int Width { get; }

    /// <summary>Computes features. May be called from several threads at once.</summary>
    /// <param name="images">B normalised images, one after the other, each (C, H, W).</param>
    /// <param name="count">B, at least 1.</param>
    /// <param name="features">Receives (B, M, d).</param>
    /// <exception cref="TweedieException">The encoder cannot be run.</exception>
    void Extract(ReadOnlyMemory<float> images, int count, Span<float> features);
}
