using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Tests.Training;
using Tweedie.Tokens;

namespace Tweedie.Tests.Web;

/// <summary>Folders of untrained models of every kind and method that is served.</summary>
public sealed class ServedFolders : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public ServedFolders()
    {
        using (var classifier = TinyClassifier.Create(TinyClassifier.Options with { ClassNames = ["ant", "bee", "<script>alert(1)</script>", "dog", "elk"] }))
            classifier.Save(Of("classifier"));
        using (var linear = TinyClassifier.Create(TinyClassifier.Linear))
            linear.Save(Of("linear"));
        foreach (var method in new[] { TokenMethod.Tdd, TokenMethod.Mdd, TokenMethod.Ar })
        {
            using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method, Diffusion = method == TokenMethod.Tdd ? new() { Known = new KnownTokensOptions() } : new() });
            captioner.Save(Of($"caption-{Name(method)}"));
            using var generator = TinyTextGenerator.Create(TinyTextGenerator.Options with { Method = method, Diffusion = method == TokenMethod.Tdd ? TinyTextGenerator.Options.Diffusion : new() });
            generator.Save(Of($"text-{Name(method)}"));
        }
        var columns = new TokenColumns([new("color", ["red", "green", "blue"]), new("size", ["small", "large"]), new("shape", ["ring", "disc", "star"])]);
        var options = new RowGeneratorOptions { Tokens = 3, Denoiser = TinyRun.Denoiser, Diffusion = new() { Known = new KnownTokensOptions() } };
        var network = TokenNetwork.Create(options, columns.VocabularySize);
        TinyNetwork.Randomize(network);
        using (var rows = new RowGenerator(options, network, columns))
            rows.Save(Of("rows"));
        Card(ModelFolder.HashOf(Of("classifier"))).Write(Of("classifier"));
        Card("of other weights").Write(Of("linear"));
        File.WriteAllText(Path.Combine(Of("rows"), ModelCard.FileName), "---\ntweedie: 1\n"); // damaged
    }

    /// <summary>All models.</summary>
    public static IReadOnlyList<string> Names { get; } = ["classifier", "linear", "caption-tdd", "caption-mdd", "caption-ar", "text-tdd", "text-mdd", "text-ar", "rows"];

    public string Of(string name) => _folder.File(name);

    public void Dispose() => _folder.Dispose();

    private static ModelCard Card(string weights) => new()
    {
        Kind = ModelFolder.Classifier,
        Weights = weights,
        Data = new() { Train = "shapes", HeldItems = 40, Unit = "images", License = "CC0" },
        Scores = new Dictionary<string, double?> { ["top1"] = 0.75 },
    };

    private static string Name(TokenMethod method) => method.ToString().ToLowerInvariant();
}
