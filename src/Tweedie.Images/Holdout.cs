namespace Tweedie.Images;

/// <summary>Holds images out for choosing between models without touching the test set.</summary>
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
        return Split(train, count, seed, (source, indices) => new SubsetSource(source, indices));
    }

    /// <summary>The images to learn from and those held out, as the data options say; null where none are held out.</summary>
    /// <typeparam name="TSource">The kind of source.</typeparam>
    /// <param name="options">The options.</param>
    /// <param name="all">The training images.</param>
    /// <param name="validation">Opens the validation part.</param>
    /// <param name="part">Some images of a source.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="TweedieException">There are not so many images, or the data have no validation part.</exception>
    internal static (TSource Train, TSource? Held) Open<TSource>(
        DataOptions options, TSource all, Func<TSource> validation, Func<TSource, IEnumerable<int>, TSource> part, long seed) where TSource : class, IImageSource
    {
        var (train, held) = options.HoldoutFrom == HoldoutSource.Validation ? (all, Sample(Validation(validation), options.Holdout, seed, part))
            : options.Holdout == 0 ? (all, null) : Split(all, options.Holdout, seed, part);
        return (options.Limit is { } limit && limit < train.Count ? part(train, StratifiedSample(train, limit, seed)) : train, held);
    }

    private static (TSource Train, TSource Held) Split<TSource>(TSource train, int count, long seed, Func<TSource, IEnumerable<int>, TSource> part) where TSource : IImageSource
    {
        if (count < 0 || count >= train.Count)
            throw new TweedieException(
                $"Cannot set {count} of the {train.Count} images of '{train.Name}' aside: ask for 0 to {train.Count - 1}.");
        var held = StratifiedSample(train, count, seed);
        return (part(train, Enumerable.Range(0, train.Count).Where(index => !held.Contains(index))), part(train, held));
    }

    private static TSource Sample<TSource>(TSource validation, int count, long seed, Func<TSource, IEnumerable<int>, TSource> part) where TSource : IImageSource =>
        count == 0 || count == validation.Count ? validation : count < validation.Count ? part(validation, StratifiedSample(validation, count, seed))
            : throw new TweedieException($"data.holdout = {count}: '{validation.Name}' has {validation.Count} images; give fewer, or leave it out to take all of them.");

    private static TSource Validation<TSource>(Func<TSource> open)
    {
        try
        {
            return open();
        }
        catch (TweedieException error)
        {
            throw new TweedieException($"data.holdoutFrom = validation: {error.Message}", error, error.Kind);
        }
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
