namespace Tweedie.Images;

/// <summary>Parquet shards, whose names begin with the name of their split.</summary>
internal sealed class ParquetLayout : FolderLayout
{
    public override string Expected => "Parquet shards train*.parquet, and test*.parquet or val*.parquet";

    public override bool Has(string folder, DataSplit split) => Parts(folder, split).Any();

    /// <summary>Opens the first part; where labels are needed, the first part that has labels, if there is one.</summary>
    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options)
    {
        ParquetSource? unlabelled = null;
        foreach (var shards in Parts(folder, split))
        {
            var source = new ParquetSource(folder, shards, options.Channels, options.ClassNames);
            if (source.HasLabels || !options.NeedsLabels)
                return source;
            unlabelled ??= source;
        }

        return unlabelled;
    }

    // The shards of each part that can be the split; the first choice comes first.
    private static IEnumerable<string[]> Parts(string folder, DataSplit split)
    {
        string[] prefixes = split == DataSplit.Train ? ["train"] : ["test", "val"];
        return prefixes.Select(prefix => Directory.GetFiles(folder, prefix + "*.parquet"))
            .Where(files => files.Length > 0)
            .Select(files => files.Order(StringComparer.Ordinal).ToArray());
    }
}
