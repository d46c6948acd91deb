using System.Globalization;

namespace Tweedie;

/// <summary>The settings of generated data, as <c>count=2000,size=32,seed=7</c> after <c>shapes:</c>: whole numbers by name.</summary>
public sealed class GeneratedSettings
{
    // No image has these indices, so the seed of such a stream is no training image's seed.
    private const long TestStream = -1, ValidationStream = -2;

    private readonly string _text;
    private readonly Dictionary<string, long> _values;
    private readonly HashSet<string> _given = [];

    /// <summary>Reads settings.</summary>
    /// <param name="kind">What precedes the colon, for messages.</param>
    /// <param name="settings">What follows it.</param>
    /// <param name="defaults">All known settings, with the values of those that are not given.</param>
    /// <exception cref="TweedieException">A setting is unknown, given twice or not a number.</exception>
    public GeneratedSettings(string kind, string settings, params IEnumerable<(string Key, long Value)> defaults)
    {
        (_text, _values) = ($"{kind}:{settings}", defaults.ToDictionary());
        foreach (var setting in settings.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var parts = setting.Split('=', 2, StringSplitOptions.TrimEntries);
            var key = parts[0];
            if (!_values.ContainsKey(key))
                throw Wrong($"'{key}' is unknown; use {string.Join(", ", _values.Keys)}");
            if (!long.TryParse(parts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
                throw Wrong($"'{setting}' is not of the form {key}=NUMBER");
            if (!_given.Add(key))
                throw Wrong($"'{key}' is given twice");
            _values[key] = value;
        }
    }

    /// <summary>The seed of the test images: training and test images come from different streams.</summary>
    public static long TestSeed(long seed) => SeedOf(seed, DataSplit.Test);

    /// <summary>The seed of a split's images: the images of each split come from a stream of their own.</summary>
    public static long SeedOf(long seed, DataSplit split) =>
        split == DataSplit.Train ? seed : Seeds.Derive(seed, SeedPurpose.Generate, split == DataSplit.Test ? TestStream : ValidationStream);

    /// <summary>
    /// The number of images of a split, at least 1. The setting <c>count</c> is the number for each split; the settings <c>test</c> and <c>val</c> give the test
    /// and the validation images another number. Where none is given, each split has its default.
    /// </summary>
    /// <param name="split">The split.</param>
    /// <exception cref="TweedieException">The number is out of range.</exception>
    public int Count(DataSplit split)
    {
        var own = split switch { DataSplit.Train => "count", DataSplit.Test => "test", _ => "val" };
        return Within(_given.Contains(own) || !_given.Contains("count") ? own : "count", 1, int.MaxValue);
    }

    /// <summary>The value of a setting that may be any number.</summary>
    public long Any(string key) => _values[key];

    /// <summary>The value of a setting within a range, both ends included.</summary>
    /// <exception cref="TweedieException">It is out of range.</exception>
    public int Within(string key, int minimum, int maximum) => _values[key] >= minimum && _values[key] <= maximum
        ? (int)_values[key] : throw Wrong($"{key} is {_values[key]} and must be {minimum} to {maximum}");

    private TweedieException Wrong(string reason) => new($"'{_text}': {reason}.");
}
