using System.Text.Json;

namespace Tweedie.Tests.Text;

/// <summary>One string of a tokenizer fixture with what the reference implementation made of it.</summary>
internal sealed record TokenizerCase(
    string Text, int[] Ids, string[] Tokens, int[]? Ids77, bool Truncated, string? Decoded)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static TokenizerCase[] Read(string fixture) =>
        JsonSerializer.Deserialize<TokenizerCase[]>(File.ReadAllText(Shared.Path($"fixtures/{fixture}/cases.json")), Options)!;
}
