namespace Tweedie.Images;

/// <summary>What a folder of images holds that is not read.</summary>
/// <param name="Suffixes">How many files have a suffix that is not read, by suffix; "" for files without one.</param>
/// <param name="Loose">Image files that lie beside the class folders, relative to the folder.</param>
/// <param name="Links">Links to folders that are not followed, relative to the folder.</param>
internal sealed record LeftOut(IReadOnlyDictionary<string, int> Suffixes, IReadOnlyList<string> Loose, IReadOnlyList<string> Links)
{
    private const int SuffixesShown = 8;

    /// <summary>Counts what is passed over while folders are listed.</summary>
    public sealed class Count
    {
        private readonly Dictionary<string, int> _suffixes = [];
        private readonly List<string> _loose = [];
        private readonly List<string> _links = [];

        /// <summary>Counts a file that is not read.</summary>
        public void File(string path)
        {
            var suffix = Path.GetExtension(path).ToLowerInvariant();
            _suffixes[suffix] = _suffixes.GetValueOrDefault(suffix) + 1;
        }

        /// <summary>Counts an image that belongs to no class.</summary>
        public void Loose(string path) => _loose.Add(path);

        /// <summary>Counts a link that is not followed.</summary>
        public void Link(string path) => _links.Add(path);

        /// <summary>What was counted.</summary>
        public LeftOut Total() => new(_suffixes, _loose, _links);
    }

    /// <summary>One sentence for each kind of thing that is left out.</summary>
    /// <param name="folder">The folder.</param>
    public IEnumerable<string> Sentences(string folder)
    {
        if (Suffixes.Count > 0)
            yield return $"'{folder}': {Files(Suffixes.Values.Sum())} of other kinds {(Suffixes.Values.Sum() == 1 ? "is" : "are")} left out: {BySuffix()}.";
        if (Loose.Count > 0)
            yield return $"'{folder}': {Loose.Count} {(Loose.Count == 1 ? "image lies" : "images lie")} in no class folder and "
                + $"{(Loose.Count == 1 ? "is" : "are")} left out, such as {Loose[0]}.";
        if (Links.Count > 0)
            yield return $"'{folder}': {Links.Count} {(Links.Count == 1 ? "link to a folder is" : "links to folders are")} not followed, such as {Links[0]}.";
    }

    /// <summary>The files by suffix, the most frequent first.</summary>
    public string BySuffix()
    {
        var sorted = Suffixes.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"{pair.Value} {(pair.Key.Length == 0 ? "without a suffix" : OneLine.Of(pair.Key))}").ToList();
        return string.Join(", ", sorted.Take(SuffixesShown)) + (sorted.Count > SuffixesShown ? $" and {sorted.Count - SuffixesShown} more kinds" : "");
    }

    private static string Files(int count) => count == 1 ? "1 file" : $"{count} files";
}
