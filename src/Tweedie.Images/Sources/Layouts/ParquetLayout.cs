using System.Globalization;
using System.Text.RegularExpressions;

namespace Tweedie.Images;

/// <summary>
/// Parquet shards whose names say their split, in the folder or in a folder for the split (<c>train/0000.parquet</c>). Where no name says one, and the folder
/// holds no folders, the shards have no splits: both splits are the whole.
/// </summary>
internal sealed partial class ParquetLayout : FolderLayout
{
    public const string Suffix = ".parquet";

    private const int MissingShown = 3;
    private const string Metadata = "metadata.parquet"; // describes image files beside it

    public override string Expected => "Parquet shards train*.parquet, and test*.parquet or val*.parquet";

    public override bool Fits(string folder, CancellationToken cancellation) => Shards(folder, cancellation) is { Count: > 0 } shards
        && (shards.Exists(shard => shard.Part is not null) || FolderWalk.Folders(folder, cancellation).Length == 0);

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) =>
        Parts(folder, cancellation) is var parts && SplitNames.Choices(split, parts).Any(parts.Contains);

    /// <summary>
    /// Opens the first part; where labels are needed, the first part that has labels, if there is one. The validation part beside a test part without the
    /// labels that are needed is the test split.
    /// </summary>
    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation)
    {
        var shards = Shards(folder, cancellation).ToLookup(shard => shard.Part, shard => shard.Path);
        var parts = Parts(folder, cancellation);
        if (split == DataSplit.Validation && options.NeedsLabels && parts.Contains(SplitPart.Test)
            && !new ParquetSource(folder, [.. shards[SplitPart.Test]], options, cancellation).HasLabels)
            return null;
        SplitPart?[] choices = parts.Count == 0 && split != DataSplit.Validation ? [null] : [.. SplitNames.Choices(split, parts).Cast<SplitPart?>()];
        ParquetSource? unlabelled = null;
        foreach (var part in choices.Where(part => shards[part].Any()))
        {
            string[] paths = [.. shards[part]];
            string[] others = part is null ? [] : [.. shards[null]];
            var source = new ParquetSource(folder, paths, options with { Notes = [.. options.Notes, .. Unused(part), .. Missing(folder, paths), .. Others(folder, others)] }, cancellation);
            if (source.HasLabels || !options.NeedsLabels)
                return source;
            unlabelled ??= source;
        }

        return unlabelled;

        // A validation part that is opened is used.
        IEnumerable<string> Unused(SplitPart? part) => part == SplitPart.Validation ? [] : SplitNames.Unused(folder, parts, split, options);
    }

    private static HashSet<SplitPart> Parts(string folder, CancellationToken cancellation) => [.. Shards(folder, cancellation).Select(shard => shard.Part).OfType<SplitPart>()];

    private static List<(SplitPart? Part, string Path)> Shards(string folder, CancellationToken cancellation)
    {
        var shards = Shards(folder).Select(path => (SplitNames.In(Path.GetFileNameWithoutExtension(path)), path));
        var inner = FolderWalk.Folders(folder, cancellation).Where(name => SplitNames.Of(name) is not null)
            .SelectMany(name => Shards(Path.Combine(folder, name)).Select(path => (SplitNames.Of(name), path)));
        return [.. shards, .. inner];

        IEnumerable<string> Shards(string parent) =>
            Files(parent, cancellation).Where(name => name.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) && name != Metadata).Select(name => Path.Combine(parent, name));
    }

    /// <summary>Says which members of a numbered set of shards are not there.</summary>
    private static IEnumerable<string> Missing(string folder, string[] paths)
    {
        foreach (var set in paths.Select(path => Member().Match(Path.GetFileName(path))).Where(match => match.Success)
            .GroupBy(match => (Name: match.Groups["name"].Value, Count: match.Groups["count"].Value)))
        {
            var found = set.Select(match => Number(match.Groups["number"].Value)).ToHashSet();
            var missing = Enumerable.Range(0, Math.Min(Number(set.Key.Count), 1_000_000)).Where(number => !found.Contains(number)).ToList();
            if (missing.Count > 0)
                yield return $"'{folder}': {missing.Count} of the {Number(set.Key.Count)} shards of {set.Key.Name} {(missing.Count == 1 ? "is" : "are")} not here: "
                    + string.Join(", ", missing.Take(MissingShown).Select(number => $"{set.Key.Name}-{number.ToString(CultureInfo.InvariantCulture).PadLeft(set.Key.Count.Length, '0')}-of-{set.Key.Count}"))
                    + (missing.Count > MissingShown ? ", …" : "") + ".";
        }
    }

    private static IEnumerable<string> Others(string folder, string[] paths)
    {
        if (paths.Length > 0)
            yield return $"'{folder}': {paths.Length} Parquet {(paths.Length == 1 ? "file whose name says no split is" : "files whose names say no split are")} not used, such as {Path.GetFileName(paths[0])}.";
    }

    private static int Number(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    [GeneratedRegex(@"^(?<name>.+)-(?<number>\d+)-of-(?<count>\d+)")]
    private static partial Regex Member();
}
