namespace Tweedie.Images;

/// <summary><c>train/CLASS/IMAGE</c>, and the same in <c>test/</c> or <c>val/</c>.</summary>
internal sealed class SplitFolderLayout : FolderLayout
{
    public override string Expected => "class folders train/CLASS/IMAGE, and test/ or val/";

    // Else "train" is a class: locomotives.
    public override bool Fits(string folder) => Directory.Exists(Train(folder)) && FolderIndex.ClassNames(Train(folder)).Length > 0;

    public override bool Has(string folder, DataSplit split) => Part(folder, split) is not null;

    /// <summary>Labels mean the training classes, also where the test part lacks one.</summary>
    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options) =>
        Part(folder, split) is { } part ? new ImageFolderSource(part, options.Channels, options.ClassNames ?? FolderIndex.ClassNames(Train(folder))) : null;

    // Of two test parts the first that has training classes: a contest's test part has none.
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
