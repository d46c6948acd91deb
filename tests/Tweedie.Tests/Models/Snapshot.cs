using System.Text.Json;
using Tweedie.Diffusion;

namespace Tweedie.Tests.Models;

/// <summary>
/// What a seeded computation gave: whole numbers (tokens), and other numbers. The first <see cref="Steady"/> of the latter do not depend on earlier
/// choices.
/// </summary>
internal sealed record Snapshot(IReadOnlyList<long> Tokens, IReadOnlyList<float> Values, int Steady)
{
    /// <summary>The largest difference of a loss or a probability between platforms.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>The tokens of all steps, and the probabilities of the first step and of the last.</summary>
    public static Snapshot Of(IEnumerable<DenoisingStep> steps)
    {
        var (tokens, first, last) = (new List<long>(), Array.Empty<float>(), Array.Empty<float>());
        foreach (var step in steps)
        {
            tokens.AddRange(step.Tokens.data<long>());
            using var probabilities = step.Probabilities();
            if (step.Index == 0)
                first = probabilities.data<float>().ToArray();
            if (step.IsLast)
                last = probabilities.data<float>().ToArray();
        }
        return new(tokens, [.. first, .. last], first.Length);
    }

    /// <summary>Makes a snapshot of numbers only.</summary>
    public static Snapshot Of(IEnumerable<float> values, bool areSteady)
    {
        float[] all = [.. values];
        return new([], all, areSteady ? all.Length : 0);
    }

    /// <summary>Whether it equals the other one: to the bit, or up to the rounding of other kernels in what does not depend on earlier choices.</summary>
    public bool IsSame(Snapshot other, bool isExact) => isExact
        ? Tokens.SequenceEqual(other.Tokens) && Values.SequenceEqual(other.Values)
        : Steady == other.Steady && Values.Take(Steady).Zip(other.Values, (a, b) => Math.Abs(a - b) <= Tolerance * Math.Max(1, Math.Abs(b))).All(isNear => isNear);

    /// <summary>Says how it differs from another one.</summary>
    public string Compare(Snapshot other)
    {
        if (Tokens.Count != other.Tokens.Count || Values.Count != other.Values.Count)
            return $"{Tokens.Count} tokens and {Values.Count} values, not {other.Tokens.Count} and {other.Values.Count}";
        return FormattableString.Invariant($"{Tokens.Zip(other.Tokens).Count(pair => pair.First != pair.Second)} of {Tokens.Count} tokens, values by up to {Values.Zip(other.Values, (a, b) => Math.Abs(a - b)).Max():G2}");
    }
}

/// <summary>The recorded snapshots, and the platform that wrote them.</summary>
internal sealed record Golden(string Platform, SortedDictionary<string, Snapshot> Snapshots)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Golden Read(string path) => JsonSerializer.Deserialize<Golden>(File.ReadAllText(path), Json)!;

    /// <summary>One line per snapshot.</summary>
    public void Write(string path) => File.WriteAllText(path, $"{{\"platform\": {JsonSerializer.Serialize(Platform)}, \"snapshots\": {{\n"
        + string.Join(",\n", Snapshots.Select(pair => $"  {JsonSerializer.Serialize(pair.Key)}: {JsonSerializer.Serialize(pair.Value, Json)}")) + "\n}}\n");
}
