namespace Tweedie.Images;

/// <summary><c>CLASS/IMAGE</c>; both splits are the whole.</summary>
internal sealed class ClassFolderLayout : FolderLayout
{
    public override string Expected => "class folders CLASS/IMAGE";

    public override bool Fits(string folder, CancellationToken cancellation) => FolderWalk.Folders(folder, cancellation).Length > 0;

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) => false;

    public override IImageSource Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) =>
        new ImageFolderSource(folder, options.Channels, cancellation) { Notes = options.Notes };
}
