namespace Tweedie.Images;

/// <summary>IDX files, as MNIST's: images and, beside them, labels.</summary>
internal sealed class IdxLayout : FolderLayout
{
    public override string Expected => "IDX files train-images-idx3-ubyte[.gz] and t10k-images-idx3-ubyte[.gz]";

    public override bool Has(string folder, DataSplit split) => IdxSource.FindImages(folder, split) is not null;

    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options) =>
        IdxSource.FindImages(folder, split) is { } images ? new IdxSource(images, IdxSource.FindLabels(images), options.ClassNames) : null;
}
