namespace Tweedie.Images;

/// <summary><c>CLASS/IMAGE</c>; train and test are the whole.</summary>
internal sealed class ClassFolderLayout : FolderLayout
{
    public override string Expected => "class folders CLASS/IMAGE";

    public override bool Fits(string folder, CancellationToken cancellation) => FolderWalk.Folders(folder, cancellation).Length > 0;

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) => false;

    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) => split == DataSplit.Validation ? null
        : new ImageFolderSource(folder, options.Channels, cancellation) { Notes = [.. options.Notes, .. Splits(folder, cancellation)] };

    private static IEnumerable<string> Splits(string folder, CancellationToken cancellation) =>
        from name in FolderWalk.Folders(folder, cancellation)
        where SplitNames.Of(name) is not null
        select $"'{Path.Combine(folder, name)}': is taken for a class and not for a split, because it holds images and no class folders, and other classes lie beside it.";
}
