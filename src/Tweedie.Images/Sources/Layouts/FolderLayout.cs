namespace Tweedie.Images;

/// <summary>A way to lay out a data set in a folder.</summary>
internal abstract class FolderLayout
{
    /// <summary>All layouts, in the order in which a folder is compared with them.</summary>
    public static IReadOnlyList<FolderLayout> All { get; } =
        [new IdxLayout(), CifarLayout.Cifar10, CifarLayout.Cifar100, new ParquetLayout(), new SplitFolderLayout(), new ClassFolderLayout()];

    /// <summary>What the folder holds, for messages.</summary>
    public abstract string Expected { get; }

    /// <summary>Whether a folder has this layout.</summary>
    public virtual bool Fits(string folder) => Has(folder, DataSplit.Train) || Has(folder, DataSplit.Test);

    /// <summary>Whether a folder that fits has a part of its own for the split.</summary>
    public abstract bool Has(string folder, DataSplit split);

    /// <summary>Opens the split of a folder that fits; null if it has none.</summary>
    public abstract IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options);
}
