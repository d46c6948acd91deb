namespace Tweedie.Tests.Page;

/// <summary>The models of <see cref="FakeServer"/>, as <c>GET /api/models</c> describes them.</summary>
internal static class FakeModels
{
    public const string Html = "<img src=x onerror=\"window.hacked=1\">";

    public static readonly string[] Classes = ["circle", "square", Html];

    public static readonly string[] Digits = ["1", "2", "3", "4"];

    public static readonly IReadOnlyList<FakeModel> All =
    [
        new("scenes", "captioner", "tdd", 8, ["renoise", "posterior", "ddim", "commit"], new() { ["sampler"] = "renoise" }),
        new("scenes-masked", "captioner", "mdd", 8, ["confidence", "ancestral"], new() { ["sampler"] = "confidence" }),
        new("scenes-ar", "captioner", "ar", 8, [], []),
        new("shapes", "classifier", "tdd", 1, ["renoise"], []) { Classes = Classes },
        new("head", "classifier", "linear", 1, [], []) { Classes = Classes },
        new("letters", "text", "tdd", 12, ["renoise"], new() { ["toOne"] = "multinomial" }),
        new("sudoku4", "rows", "tdd", 16, ["renoise", "commit"], []) { Columns = [.. Enumerable.Range(1, 16).Select(cell => new FakeColumn($"c{cell}", Digits))] },
        new("table", "rows", "tdd", 2, ["renoise"], []) { Columns = [new("colour", ["red", "green"]), new("shape", ["circle", Html])] },
    ];
}

internal sealed record FakeColumn(string Name, string[] Entries);

internal sealed record FakeModel(string Name, string Kind, string Method, int Tokens, string[] Samplers, Dictionary<string, object> Own)
{
    public string[]? Classes { get; init; }

    public FakeColumn[]? Columns { get; init; }

    public object Described() => new
    {
        Name,
        Version = "v1",
        Kind,
        Method,
        Tokens,
        Entries = 30,
        Timesteps = 1000,
        Classes,
        Columns,
        Image = Kind is "captioner" or "classifier" ? new { Width = 32, Height = 32, Channels = 3 } : null,
        Sampling = Method == "linear" ? null : new Dictionary<string, object>(Own) { ["steps"] = 10, ["guidance"] = 1, ["temperature"] = 1, ["toOne"] = Own.GetValueOrDefault("toOne", "argmax") },
        Samplers,
        Schedule = Method is "ar" or "linear" ? [] : Enumerable.Range(0, 101).Select(point => 1 - point / 100.0).ToArray(),
        Limits = new { Steps = 200, Draws = 8, Count = 8, ImageBytes = 100_000, Pixels = 1_000_000 },
        Tasks = Kind == "classifier" ? ["classify"] : new[] { Kind == "captioner" ? "caption" : "generate", "fill", "score" },
        Card = new { CiderD = 2.68 },
    };
}
