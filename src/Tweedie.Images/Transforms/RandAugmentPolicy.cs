using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Tweedie.Images;

/// <summary>The settings of <see cref="RandAugment"/>, written as timm writes them: <c>rand-m9-mstd0.5-inc1</c>.</summary>
public sealed record RandAugmentPolicy
{
    private const string Parts = "m9 (magnitude), n2 (operations per image), p0.5 (probability of each), "
        + "mstd0.5 (deviation of the magnitude), mmax10 (its maximum), inc1 (stronger with the magnitude)";

    /// <summary><c>m</c>: the strength of the operations, 10 is strong.</summary>
    public int Magnitude { get; init; } = 10;

    /// <summary><c>mstd</c>: standard deviation of the magnitude; infinite draws it uniformly from 0 to <see cref="Magnitude"/>.</summary>
    public double MagnitudeStd { get; init; }

    /// <summary><c>mmax</c>: drawn magnitudes are clipped to the range from 0 to this.</summary>
    public int MaximumMagnitude { get; init; } = 10;

    /// <summary><c>n</c>: operations drawn per image.</summary>
    public int Operations { get; init; } = 2;

    /// <summary><c>p</c>: probability with which a drawn operation is applied.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary><c>inc1</c>: each operation changes more at a larger magnitude; else some change less.</summary>
    public bool Increasing { get; init; }

    /// <summary>Reads the settings.</summary>
    /// <exception cref="TweedieException">The text is not a valid setting of timm's RandAugment; the message says what is wrong.</exception>
    public static RandAugmentPolicy Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var policy, out var problem) ? policy : throw new TweedieException($"randAugment = \"{text}\" {problem}");
    }

    /// <summary>Reads the settings, or says what is wrong with them.</summary>
    internal static bool TryParse(
        string text, [NotNullWhen(true)] out RandAugmentPolicy? policy, [NotNullWhen(false)] out string? problem)
    {
        var parts = text.Split('-');
        policy = parts[0] == "rand" ? new RandAugmentPolicy() : null;
        problem = policy is null ? "must begin with 'rand', as in rand-m9-mstd0.5-inc1" : null;
        foreach (var part in parts.Skip(1))
        {
            policy = policy?.With(part);
            if (policy is null)
                problem ??= $"has the part '{part}': expected {Parts}";
        }

        return policy is not null;
    }

    /// <summary>These settings with one part changed; null where the part is not valid.</summary>
    private RandAugmentPolicy? With(string part)
    {
        var digits = part.AsSpan().IndexOfAnyInRange('0', '9');
        if (digits < 0)
            return null;
        if (!double.TryParse(part.AsSpan(digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value))
            return null;
        var isInteger = value <= 1000 && double.IsInteger(value);
        return part[..digits] switch
        {
            "m" when isInteger => this with { Magnitude = (int)value },
            "n" when isInteger && value >= 1 => this with { Operations = (int)value },
            "p" when value <= 1 => this with { Probability = value },
            "mstd" => this with { MagnitudeStd = value > 100 ? double.PositiveInfinity : value },
            "mmax" when isInteger && value >= 1 => this with { MaximumMagnitude = (int)value },
            "inc" when value == 1 => this with { Increasing = true },
            _ => null,
        };
    }
}
