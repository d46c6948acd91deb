namespace Tweedie.Images;

/// <summary><c>CLASS/IMAGE</c>; both splits are the whole.</summary>
internal sealed class ClassFolderLayout : FolderLayout
{
    public override string Expected => "class folders CLASS/IMAGE";

    public override bool Fits(string folder) => FolderIndex.ClassNames(folder).Length > 0;

    public override bool Has(string folder, DataSplit split) => false;

    public override IImageSource Open(string folder, DataSplit split, ImageSourceOptions options) =>
        new ImageFolderSource(folder, options.Channels, options.ClassNames);
}
