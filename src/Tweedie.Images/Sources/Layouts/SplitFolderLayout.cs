namespace Tweedie.Images;

/// <summary>
/// <c>train/CLASS/IMAGE</c>, and the same in a test or validation folder; <see cref="SplitNames"/> has the names, in any case. A folder of such a name
/// is a class only where it holds images itself and other classes lie beside it, as locomotives called <c>train</c>.
/// </summary>
internal sealed class SplitFolderLayout : FolderLayout
{
    public override string Expected => "class folders train/CLASS/IMAGE, and test/ or val/";

    public override bool Fits(string folder, CancellationToken cancellation)
    {
        var folders = FolderWalk.Folders(folder, cancellation);
        var parts = folders.Where(name => SplitNames.Of(name) is not null).ToList();
        return parts.Count > 0 && (parts.Count == folders.Length || parts.Any(name => FolderWalk.Folders(Path.Combine(folder, name), cancellation).Length > 0));
    }

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation)
    {
        var parts = Parts(folder, cancellation);
        return SplitNames.Choices(split, parts.Keys).Any(parts.ContainsKey);
    }

    /// <summary>Opens a split whose labels mean the training classes, also where the test part lacks one.</summary>
    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation)
    {
        var parts = Parts(folder, cancellation);
        var train = parts.GetValueOrDefault(SplitPart.Train);
        var known = options.ClassNames ?? (train is null ? null : FolderWalk.Folders(train, cancellation));
        var candidates = Candidates(split);
        var standsForTest = parts.TryGetValue(SplitPart.Validation, out var validation) && Choose(Candidates(DataSplit.Test)) == validation;
        if (candidates.Count == 0 || (split == DataSplit.Validation && standsForTest))
            return null;

        var chosen = Choose(candidates);
        List<string> notes = [.. options.Notes, .. SplitNames.Unused(folder, standsForTest ? [] : parts.Keys, split, options), .. Unused(folder, cancellation)];
        if (chosen != candidates[0])
            notes.Add($"'{candidates[0]}': holds none of the classes, so '{chosen}' is used.");
        var source = new ImageFolderSource(chosen, options.Channels, cancellation) { Notes = notes };
        return known is null || split == DataSplit.Train || options.ClassNames is not null ? source : ClassMap.Match(source, known, needsLabels: options.NeedsLabels);

        List<string> Candidates(DataSplit split) => [.. SplitNames.Choices(split, parts.Keys).Where(parts.ContainsKey).Select(part => parts[part])];

        // The test part of a contest has no class folders.
        string Choose(List<string> candidates) => candidates.FirstOrDefault(part => known is null || FolderWalk.Folders(part, cancellation).Intersect(known).Any())
            ?? candidates.FirstOrDefault(part => FolderWalk.Folders(part, cancellation).Length > 0) ?? candidates[0];
    }

    private static Dictionary<SplitPart, string> Parts(string folder, CancellationToken cancellation)
    {
        var parts = new Dictionary<SplitPart, string>();
        foreach (var name in FolderWalk.Folders(folder, cancellation))
        {
            if (SplitNames.Of(name) is { } part && !parts.TryAdd(part, Path.Combine(folder, name)))
                throw new TweedieException($"'{folder}' holds '{Path.GetFileName(parts[part])}' and '{name}', which both name the same part; remove or rename one.");
        }

        return parts;
    }

    private static IEnumerable<string> Unused(string folder, CancellationToken cancellation)
    {
        var leftOut = new LeftOut.Count();
        var others = new List<string>();
        foreach (var entry in FolderWalk.Of(folder, cancellation).Where(entry => SplitNames.Of(entry.Path) is null).OrderBy(entry => entry.Path, StringComparer.Ordinal))
        {
            if (entry.IsFolder)
                others.Add(entry.Path);
            else if (ImageFiles.Is(entry.Path))
                leftOut.Loose(entry.Path);
            else
                leftOut.File(entry.Path);
        }

        if (others.Count > 0)
            yield return $"'{folder}': {(others.Count == 1 ? "1 folder beside the splits is" : $"{others.Count} folders beside the splits are")} not used, such as {OneLine.Of(others[0])}.";
        foreach (var sentence in leftOut.Total().Sentences(folder))
            yield return sentence;
    }
}
