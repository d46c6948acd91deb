namespace Tweedie.Images;

/// <summary><c>train/CLASS/IMAGE</c>, and the same in <c>test/</c> or <c>val/</c>.</summary>
internal sealed class SplitFolderLayout : FolderLayout
{
    public override string Expected => "class folders train/CLASS/IMAGE, and test/ or val/";

    // If "train" holds no class folders, it is a class itself, such as one of locomotives.
    public override bool Fits(string folder) => Directory.Exists(Train(folder)) && FolderIndex.ClassNames(Train(folder)).Length > 0;

    public override bool Has(string folder, DataSplit split) => Part(folder, split) is not null;

    /// <summary>Opens a split whose labels mean the training classes, also where the test part lacks one.</summary>
    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options) =>
        Part(folder, split) is { } part ? new ImageFolderSource(part, options.Channels, options.ClassNames ?? FolderIndex.ClassNames(Train(folder))) : null;

    // Takes the first test part that has training classes, because the test part of a contest has none.
    private static string? Part(string folder, DataSplit split)
    {
        if (split == DataSplit.Train)
            return Train(folder);
        string[] parts = [.. new[] { "test", "val" }.Select(name => Path.Combine(folder, name)).Where(Directory.Exists)];
        var classes = FolderIndex.ClassNames(Train(folder));
        return parts.FirstOrDefault(part => FolderIndex.ClassNames(part).Intersect(classes).Any()) ?? parts.FirstOrDefault();
    }

    private static string Train(string folder) => Path.Combine(folder, "train");
}
