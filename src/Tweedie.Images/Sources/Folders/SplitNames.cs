namespace Tweedie.Images;

/// <summary>A part of a data set, as its publishers name it.</summary>
internal enum SplitPart
{
    /// <summary>What models learn from.</summary>
    Train,
    /// <summary>What results are reported on.</summary>
    Test,
    /// <summary>What results are reported on where there is no test part.</summary>
    Validation,
}

/// <summary>The names of the parts of data sets, in any case. Folders, Parquet files, IDX files and captions files all follow this table.</summary>
internal static class SplitNames
{
    private static readonly Dictionary<string, SplitPart> Parts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["train"] = SplitPart.Train,
        ["training"] = SplitPart.Train,
        ["test"] = SplitPart.Test,
        ["testing"] = SplitPart.Test,
        ["t10k"] = SplitPart.Test, // MNIST's test files
        ["val"] = SplitPart.Validation,
        ["valid"] = SplitPart.Validation,
        ["validation"] = SplitPart.Validation,
    };

    /// <summary>The parts of a data set that can be a split; the first choice comes first.</summary>
    /// <param name="split">The split.</param>
    /// <param name="parts">The parts that the data set has.</param>
    public static IReadOnlyList<SplitPart> Choices(DataSplit split, IReadOnlyCollection<SplitPart> parts) => split switch
    {
        DataSplit.Train => [SplitPart.Train],
        DataSplit.Test => [SplitPart.Test, SplitPart.Validation],
        _ => parts.Contains(SplitPart.Test) ? [SplitPart.Validation] : [],
    };

    /// <summary>Says that a validation part beside a test part is not used, and how to use it; nothing where there are not both, or where it is used.</summary>
    /// <param name="name">The data set, for the sentence.</param>
    /// <param name="parts">The parts that the data set has.</param>
    /// <param name="split">The split that is opened.</param>
    /// <param name="options">How it is opened.</param>
    public static IEnumerable<string> Unused(string name, IReadOnlyCollection<SplitPart> parts, DataSplit split, ImageSourceOptions options)
    {
        if (split != DataSplit.Validation && !options.UsesValidation && parts.Contains(SplitPart.Test) && parts.Contains(SplitPart.Validation))
            yield return $"'{name}': its validation part is not used, because it has a test part; with data.holdoutFrom: validation, a training holds it out, and the split val opens it.";
    }

    /// <summary>The split that a name means; null where it means none.</summary>
    public static DataSplit? SplitOf(string name) => Of(name) switch
    {
        null => null,
        SplitPart.Train => DataSplit.Train,
        SplitPart.Test => DataSplit.Test,
        _ => DataSplit.Validation,
    };

    /// <summary>The part that a whole name means; null where it means none.</summary>
    public static SplitPart? Of(string name) => Parts.TryGetValue(name, out var part) ? part : null;

    /// <summary>The part that a word of a file's name means, as in <c>mnist-train-00000-of-00001.parquet</c> or <c>captions_val2017.json</c>; null where none does.</summary>
    public static SplitPart? In(string fileName)
    {
        var start = 0;
        for (var end = 0; end <= fileName.Length; end++)
        {
            if (end < fileName.Length && char.IsAsciiLetterOrDigit(fileName[end]))
                continue;
            var word = fileName[start..end];
            if ((Of(word) ?? Of(word.TrimEnd("0123456789".ToCharArray()))) is { } part)
                return part;
            start = end + 1;
        }

        return null;
    }
}
