namespace Tweedie.Images;

/// <summary>A way to lay out a data set in a folder.</summary>
internal abstract class FolderLayout
{
    /// <summary>The layouts that a folder's file names or split folders show for certain, in the order in which a folder is compared with them.</summary>
    public static IReadOnlyList<FolderLayout> Certain { get; } =
        [new IdxLayout(), CifarLayout.Cifar10, CifarLayout.Cifar100, new PickledCifarLayout(), new ParquetLayout(), new SplitFolderLayout()];

    /// <summary>Class folders, which any folder of folders may be.</summary>
    public static ClassFolderLayout Classes { get; } = new();

    /// <summary>What the folder holds, for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a folder has this layout.</summary>
    public virtual bool Fits(string folder, CancellationToken cancellation) => Has(folder, DataSplit.Train, cancellation) || Has(folder, DataSplit.Test, cancellation);

    /// <summary>Whether a folder that fits has a part of its own for the split.</summary>
    public abstract bool Has(string folder, DataSplit split, CancellationToken cancellation);

    /// <summary>Opens the split of a folder that fits; null if it has none.</summary>
    public abstract IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation);

    /// <summary>The names of the files of a folder in ordinal order, junk excepted.</summary>
    protected static IEnumerable<string> Files(string folder, CancellationToken cancellation) =>
        FolderWalk.Of(folder, cancellation).Where(entry => !entry.IsFolder).Select(entry => entry.Path).Order(StringComparer.Ordinal);
}
