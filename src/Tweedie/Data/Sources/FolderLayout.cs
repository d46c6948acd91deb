namespace Tweedie.Data;

/// <summary>What a data folder holds.</summary>
internal enum FolderLayout
{
    Unknown,
    Idx,
    Cifar10,
    Cifar100,

    /// <summary><c>train*.parquet</c>, and <c>test*.parquet</c> or <c>val*.parquet</c>.</summary>
    Parquet,

    /// <summary><c>train/CLASS/IMAGE</c>, and <c>test/</c> or <c>val/</c>.</summary>
    SplitFolders,

    /// <summary><c>CLASS/IMAGE</c>.</summary>
    ClassFolders,
}
