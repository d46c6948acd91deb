using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Tweedie.Images;

/// <summary>
/// The views of an image whose features are kept: view 0 is the image as evaluation sees it, view 1 its mirror image, and the others are random crops of at
/// least 60 % of the area, every second one mirrored. A view depends on the image's pixels and the view's number alone.
/// </summary>
internal static class FeatureViews
{
    private static readonly RandomResizedCropOptions Crops = new() { MinArea = 0.6 };
    private static readonly HorizontalFlip Mirror = new(probability: 1);

    /// <summary>The hash of the decoded pixels.</summary>
    public static UInt128 ContentOf(RasterImage image)
    {
        Span<byte> shape = stackalloc byte[12];
        BinaryPrimitives.WriteInt32LittleEndian(shape, image.Width);
        BinaryPrimitives.WriteInt32LittleEndian(shape[4..], image.Height);
        BinaryPrimitives.WriteInt32LittleEndian(shape[8..], image.Channels);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(shape);
        hash.AppendData(image.Pixels);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash.GetHashAndReset());
    }

    /// <summary>A view of an image.</summary>
    public static RasterImage Cut(RasterImage image, FeatureKey key, IFeatureExtractor extractor)
    {
        var random = new SampleRandom(Seeds.Derive((long)(ulong)key.Content, SeedPurpose.Augment, key.View));
        IImageTransform transform = key.View < 2 ? extractor.Transform : new RandomResizedCrop(extractor.Input.Height, Crops);
        var view = transform.Apply(image, random);
        return key.View % 2 == 1 ? Mirror.Apply(view, random) : view;
    }
}
