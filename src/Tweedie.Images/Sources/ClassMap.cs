using System.Globalization;

namespace Tweedie.Images;

/// <summary>
/// Matches the classes of images with those that are asked for, by name. An equal number of classes is not enough to match them by number. Images of other
/// classes are left out. If all names on both sides are whole numbers, they are compared as numbers. If only those of the images are, they are taken for the
/// numbers of the classes.
/// </summary>
internal static class ClassMap
{
    private const int NamesShown = 5;

    /// <summary>The images of a source whose classes are among the wanted ones, with the wanted classes' numbers.</summary>
    /// <param name="source">The images.</param>
    /// <param name="wanted">The wanted classes in label order.</param>
    /// <param name="aliases">Other names of the wanted classes, in the same order; null where they have none.</param>
    /// <param name="needsLabels">Whether images of wanted classes are needed; else a source without any is taken as it is.</param>
    /// <returns>The source itself where its classes are the wanted ones.</returns>
    /// <exception cref="TweedieException">No image has a wanted class.</exception>
    public static IImageSource Match(IImageSource source, IReadOnlyList<string> wanted, IReadOnlyList<string>? aliases = null, bool needsLabels = true)
    {
        if (source.ClassNames.SequenceEqual(wanted))
            return source;
        var (labels, note) = Labels(source, wanted, aliases ?? []);
        var counts = new int[labels.Length];
        var kept = new List<int>(source.Count);
        for (var index = 0; index < source.Count; index++)
        {
            var label = source.HasLabel(index) ? source.GetLabel(index) : -1;
            if (label >= 0)
                counts[label]++;
            if (label < 0 || labels[label] >= 0)
                kept.Add(index);
        }

        var known = Enumerable.Range(0, labels.Length).Where(label => labels[label] >= 0 && counts[label] > 0).ToList();
        if (known.Count == 0 && !needsLabels)
            return source;
        if (known.Count == 0 && counts.Sum() == 0)
            throw new TweedieException($"'{source.Name}': none of its {source.Count} images has a label.");
        if (known.Count == 0)
            throw new TweedieException($"'{source.Name}': none of its classes ({Shown(source.ClassNames)}) is among the "
                + $"{wanted.Count} known ones ({Shown(wanted)}). Classes are compared by name, so give the folders or labels the known names.");
        return new Matched(new SubsetSource(source, kept), wanted, labels,
            [.. source.Warnings, .. note, .. Unknown(source, wanted, labels, counts), .. Missing(source, wanted, [.. known.Select(label => labels[label])])]);
    }

    /// <summary>The wanted label of each class of the source, -1 where there is none, and what the user should know of the matching.</summary>
    private static (int[] Labels, string[] Note) Labels(IImageSource source, IReadOnlyList<string> wanted, IReadOnlyList<string> aliases)
    {
        var names = source.ClassNames;
        var asNumbers = AreNumbers(names) && AreNumbers(wanted);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (label, name) in wanted.Index())
            numbers.TryAdd(Key(name, asNumbers), label);
        foreach (var (label, name) in aliases.Index())
            numbers.TryAdd(name, label);
        int[] labels = [.. names.Select(name => numbers.GetValueOrDefault(Key(name, asNumbers), -1))];
        if (labels.Any(label => label >= 0) || !AreNumbers(names) || wanted.Any(IsNumber))
            return (labels, []);

        var values = names.Select(name => long.Parse(name, CultureInfo.InvariantCulture)).ToList();
        if (values.Any(value => value >= wanted.Count) || values.Distinct().Count() < values.Count)
            return (labels, []);
        var example = values.IndexOf(values.Max());
        return ([.. values.Select(value => (int)value)],
            [$"'{source.Name}': its classes are whole numbers, which are taken for the numbers of the known classes: {names[example]} is {wanted[(int)values[example]]}."]);
    }

    private static IEnumerable<string> Unknown(IImageSource source, IReadOnlyList<string> wanted, int[] labels, int[] counts)
    {
        var unknown = Enumerable.Range(0, labels.Length).Where(label => labels[label] < 0 && counts[label] > 0).ToList();
        if (unknown.Count > 0)
            yield return $"'{source.Name}': {unknown.Sum(label => counts[label])} of {source.Count} images are left out, because they are of "
                + $"{Classes(unknown.Count)} not among the {wanted.Count} known: {Shown([.. unknown.Select(label => $"{source.ClassNames[label]} ({counts[label]})")])}.";
    }

    private static IEnumerable<string> Missing(IImageSource source, IReadOnlyList<string> wanted, HashSet<int> found)
    {
        var missing = Enumerable.Range(0, wanted.Count).Where(label => !found.Contains(label)).ToList();
        if (missing.Count > 0)
            yield return $"'{source.Name}': has no images of {missing.Count} of the {wanted.Count} known classes: {Shown([.. missing.Select(label => wanted[label])])}.";
    }

    private static string Key(string name, bool asNumbers) => asNumbers ? name.TrimStart('0') : name;

    private static bool AreNumbers(IReadOnlyList<string> names) => names.Count > 0 && names.All(IsNumber);

    private static bool IsNumber(string name) => name.Length is > 0 and < 10 && name.All(char.IsAsciiDigit);

    private static string Classes(int count) => count == 1 ? "1 class" : $"{count} classes";

    private static string Shown(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(NamesShown).Select(OneLine.Of)) + (names.Count > NamesShown ? ", …" : "");

    /// <summary>Images whose labels are numbered anew.</summary>
    private sealed class Matched(SubsetSource source, IReadOnlyList<string> classNames, int[] labels, IReadOnlyList<string> warnings) : IImageSource
    {
        public string Name => source.Name;

        public int Count => source.Count;

        public IReadOnlyList<string> ClassNames => classNames;

        public IReadOnlyList<int> BlockStarts => source.BlockStarts;

        public IReadOnlyList<string> Warnings => warnings;

        public bool HasLabel(int index) => source.HasLabel(index);

        public int GetLabel(int index) => labels[source.GetLabel(index)];

        public RasterImage Read(int index) => source.Read(index);

        public RasterImage ReadPart(int index, PartRequest request) => source.ReadPart(index, request);

        public string? StampOf(int index) => source.StampOf(index);

        public string Describe(int index) => source.Describe(index);
    }
}
