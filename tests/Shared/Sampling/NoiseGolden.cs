using System.Text.Json;

namespace Tweedie.Tests.Sampling;

/// <summary>The file of known numbers, and one stretch of a stream in it.</summary>
internal sealed record NoiseGolden(long Seed, int Step, int Purpose, long First, ulong[] Uniform64, ulong[] Normal64, uint[] Normal32)
{
    public static string File { get; } = Path.Combine(Shared.RepositoryRoot, "tests", "Tweedie.Tests", "Golden", "noise.json");

    public static IReadOnlyList<NoiseGolden> Read()
    {
        using var document = JsonDocument.Parse(System.IO.File.ReadAllText(File));
        return [.. document.RootElement.GetProperty("cases").EnumerateArray().Select(Read)];
    }

    private static NoiseGolden Read(JsonElement item)
    {
        T[] Bits<T>(string name, Func<string, T> parse) => [.. item.GetProperty(name).EnumerateArray().Select(bits => parse(bits.GetString()!))];
        return new(
            long.Parse(item.GetProperty("seed").GetString()!), item.GetProperty("step").GetInt32(), item.GetProperty("purpose").GetInt32(),
            long.Parse(item.GetProperty("first").GetString()!),
            Bits("uniform64", bits => Convert.ToUInt64(bits, 16)), Bits("normal64", bits => Convert.ToUInt64(bits, 16)),
            Bits("normal32", bits => Convert.ToUInt32(bits, 16)));
    }
}
