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

    /// <summary>The parts that can be a split; the first choice comes first.</summary>
    public static IReadOnlyList<SplitPart> Choices(DataSplit split) =>
        split == DataSplit.Train ? [SplitPart.Train] : [SplitPart.Test, SplitPart.Validation];

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
