namespace Tweedie.Images;

/// <summary>A folder whose layout is known.</summary>
/// <param name="Path">The folder that has the layout: the one that was given, or one in it.</param>
/// <param name="Layout">The layout.</param>
/// <param name="Notes">That a folder further down is read, if so.</param>
internal sealed record DataFolder(string Path, FolderLayout Layout, IReadOnlyList<string> Notes)
{
    private const int Depth = 3; // MNIST/raw, data, default/train
    private const int ShownFolders = 5;

    /// <summary>
    /// Finds the data set of a folder. A folder that holds none itself may be one level too high, or a few: the only data set in it is taken.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="wanted">The classes that are known, if any: a folder with the name of one is a class and no level too high.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <returns>The data set; null where there is none.</returns>
    /// <exception cref="TweedieException">There are several data sets in the folder.</exception>
    public static DataFolder? Find(string folder, IReadOnlyList<string>? wanted, CancellationToken cancellation)
    {
        if (Certain(folder, cancellation) is { } certain)
            return new DataFolder(folder, certain, []);
        var folders = FolderWalk.Folders(folder, cancellation).Select(name => System.IO.Path.Combine(folder, name)).ToList();
        if (folders is [var only] && wanted?.Contains(System.IO.Path.GetFileName(only)) != true && !HasImages(FolderWalk.Of(only, cancellation)))
            return Find(only, wanted, cancellation) is { } deeper ? Deeper(folder, deeper) : new DataFolder(folder, FolderLayout.Classes, []);
        if (folders.Any(inner => HasImages(FolderWalk.Inside(inner, cancellation))))
            return new DataFolder(folder, FolderLayout.Classes, []);
        return Inside(folders, Depth, cancellation) switch
        {
            [] => folders.Count > 0 ? new DataFolder(folder, FolderLayout.Classes, []) : null,
            [var found] => Deeper(folder, found),
            var several => throw new TweedieException($"'{folder}' holds {several.Count} data sets; give the folder of one of them: "
                + string.Join(", ", several.Take(ShownFolders).Select(found => found.Path)) + (several.Count > ShownFolders ? ", …" : "") + "."),
        };
    }

    private static DataFolder Deeper(string folder, DataFolder found) => found with { Notes = [$"'{folder}': the data set in it is read, '{found.Path}'."] };

    private static FolderLayout? Certain(string folder, CancellationToken cancellation) =>
        FolderLayout.Certain.FirstOrDefault(layout => layout.Fits(folder, cancellation));

    private static bool HasImages(IEnumerable<FolderWalk.Entry> entries) => entries.Any(entry => !entry.IsFolder && ImageFiles.Is(entry.Path));

    private static List<DataFolder> Inside(IEnumerable<string> folders, int depth, CancellationToken cancellation) => depth == 0 ? [] :
    [
        .. folders.SelectMany(folder => Certain(folder, cancellation) is { } layout ? [new DataFolder(folder, layout, [])]
            : Inside(FolderWalk.Folders(folder, cancellation).Select(name => System.IO.Path.Combine(folder, name)), depth - 1, cancellation)),
    ];
}
