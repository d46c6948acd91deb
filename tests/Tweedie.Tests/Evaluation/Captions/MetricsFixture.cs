using System.Text.Json;
using Tweedie.Metrics;

namespace Tweedie.Tests.Evaluation.Captions;

/// <summary>Captions and the scores that the official scorers gave them.</summary>
internal static class MetricsFixture
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static T Read<T>(string relative) =>
        JsonSerializer.Deserialize<T>(File.ReadAllText(Shared.Path(relative)), _options)!;

    public static (Case[] Cases, Scores Scores) ReadCases(string name)
    {
        if (name == "edge")
        {
            var edge = Read<Edge>("fixtures/caption-metrics/edge.json");
            return (edge.Cases, new Scores(edge.Corpus, edge.PerImage));
        }
        return (Read<Case[]>("fixtures/caption-metrics/cases.json"), Read<Scores>("fixtures/caption-metrics/scores.json"));
    }

    internal sealed record Case(long ImageId, string? Candidate, string[]? References, string CandidateTokens, string[] ReferencesTokens)
    {
        public TokenizedCaption Tokens => new(Split(CandidateTokens), [.. ReferencesTokens.Select(Split)]);

        private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    internal sealed record Score(
        [property: System.Text.Json.Serialization.JsonPropertyName("Bleu")] double[] Bleu,
        [property: System.Text.Json.Serialization.JsonPropertyName("ROUGE_L")] double RougeL,
        [property: System.Text.Json.Serialization.JsonPropertyName("CIDEr")] double Cider,
        Statistics? BleuStatistics);

    internal sealed record Statistics(long Testlen, long Reflen, long[] Guess, long[] Correct, double Ratio);

    internal sealed record Scores(Score Corpus, Score[] PerImage);

    private sealed record Edge(Case[] Cases, Score Corpus, Score[] PerImage);
}
