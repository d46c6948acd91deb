namespace Tweedie.Images;

/// <summary>Sets a part of the training images aside, for choosing between models without touching the test set.</summary>
public static class Holdout
{
    /// <summary>
    /// Splits a source into two disjoint parts with the same class shares (to within one image per class; those without a label are a class
    /// of their own). A pure function of the labels, the count and the seed; both parts keep the source's order.
    /// </summary>
    /// <param name="train">The source to split.</param>
    /// <param name="count">Images to set aside, 0 to fewer than all.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="TweedieException">The count is negative, or leaves no image to train on.</exception>
    public static (IImageSource Train, IImageSource Held) Split(IImageSource train, int count, long seed)
    {
        ArgumentNullException.ThrowIfNull(train);
        if (count < 0 || count >= train.Count)
            throw new TweedieException(
                $"Cannot set {count} of the {train.Count} images of '{train.Name}' aside: ask for 0 to {train.Count - 1}.");
        var held = StratifiedSample(train, count, seed);
        return (new SubsetSource(train, Enumerable.Range(0, train.Count).Where(index => !held.Contains(index))),
            new SubsetSource(train, held));
    }

    /// <summary>Draws <paramref name="count"/> indices with the class shares of the whole.</summary>
    internal static SortedSet<int> StratifiedSample(IImageSource source, int count, long seed)
    {
        var unlabelled = source.ClassNames.Count;
        var members = Enumerable.Range(0, unlabelled + 1).Select(_ => new List<int>()).ToArray();
        for (var index = 0; index < source.Count; index++)
            members[source.HasLabel(index) ? source.GetLabel(index) : unlabelled].Add(index);

        var sample = new SortedSet<int>();
        var quotas = Quotas([.. members.Select(indices => indices.Count)], count);
        for (var label = 0; label < members.Length; label++)
        {
            var indices = members[label].ToArray();
            new SampleRandom(Seeds.Derive(seed, SeedPurpose.Holdout, label)).Shuffle<int>(indices);
            sample.UnionWith(indices[..quotas[label]]);
        }

        return sample;
    }

    /// <summary>Shares <paramref name="count"/> out in proportion to the sizes, by the largest remainders.</summary>
    private static int[] Quotas(int[] sizes, int count)
    {
        var total = Math.Max(1, sizes.Sum(size => (long)size));
        var quotas = sizes.Select(size => (int)(size * (long)count / total)).ToArray();
        var byRemainder = Enumerable.Range(0, sizes.Length).OrderByDescending(label => sizes[label] * (long)count % total);
        foreach (var label in byRemainder.Take(count - quotas.Sum()))
            quotas[label]++;
        return quotas;
    }
}
