using System.Buffers;
using System.Numerics.Tensors;

namespace Tweedie.Images;

/// <summary>The features of a source's images, mapped from a <see cref="FeatureCache"/>, which must live as long. Thread-safe.</summary>
public sealed class FeatureSet
{
    private readonly FeaturePlace?[] _places;

    internal FeatureSet(IImageSource source, IFeatureExtractor extractor, int views, FeaturePlace?[] places, IReadOnlyDictionary<int, BadImage> badImages)
    {
        (Source, Tokens, Width, Views, _places, BadImages) = (source, extractor.Tokens, extractor.Width, views, places, badImages);
    }

    /// <summary>The images.</summary>
    public IImageSource Source { get; }

    /// <summary>M, the number of feature vectors of an image.</summary>
    public int Tokens { get; }

    /// <summary>d, the length of a feature vector.</summary>
    public int Width { get; }

    /// <summary>The views of each image.</summary>
    public int Views { get; }

    /// <summary>The images that have no features, by index.</summary>
    public IReadOnlyDictionary<int, BadImage> BadImages { get; }

    /// <summary>Copies the features of an image as they are stored.</summary>
    /// <param name="index">The source's index of the image.</param>
    /// <param name="view">The view, from 0.</param>
    /// <param name="features">Receives (M, d).</param>
    /// <exception cref="TweedieException">The image could not be read when the features were computed.</exception>
    public void Read(int index, int view, Span<Half> features)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(view, Views);
        if (_places[index * Views + view] is not { } place)
            throw new TweedieException(BadImages[index].Reason);
        place.Shard.Read(place.Row, features);
    }

    /// <summary>Copies the features of an image as float32; the other parameters are those of <see cref="Read(int, int, Span{Half})"/>.</summary>
    public void Read(int index, int view, Span<float> features)
    {
        var halves = ArrayPool<Half>.Shared.Rent(features.Length);
        Read(index, view, halves.AsSpan(0, features.Length));
        TensorPrimitives.ConvertToSingle(halves.AsSpan(0, features.Length), features);
        ArrayPool<Half>.Shared.Return(halves);
    }
}
