using Microsoft.AspNetCore.Builder;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Text;
using Tweedie.Tokens;
using Tweedie.Web;

namespace Tweedie.Tests.Page;

/// <summary>The server itself, with untrained models of every kind and a gallery.</summary>
public sealed class RealServer : IAsyncLifetime
{
    /// <summary>A key that it takes.</summary>
    public const string Key = "a key of this test's server";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-page-");
    private WebApplication? _app;

    public string Address => _app!.Urls.Single() + "/";

    public async ValueTask InitializeAsync()
    {
        TorchRuntime.EnsureLoaded();
        Save();
        var gallery = _folder.CreateSubdirectory("gallery").FullName;
        await File.WriteAllBytesAsync(Path.Combine(gallery, "one.png"), Pictures.Png(0xD03020));
        _app = TweedieServer.Create(options =>
        {
            foreach (var name in new[] { "captions", "captions-masked", "captions-ar", "labels", "head", "letters", "sudoku", "table" })
                options.Models.Add(new(Path.Combine(_folder.FullName, name)));
            options.Gallery = gallery;
            options.Keys.Add(Key);
        }, ["http://127.0.0.1:0"]);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private void Save()
    {
        var encoder = new VisionTransformerOptions { ImageSize = 16, PatchSize = 8, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 };
        var denoiser = new DenoiserOptions { Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 };
        var words = WordTokenizer.Build(["a small dog runs on green grass.", "two big dogs sleep"]);
        var captions = new CaptionerOptions { Tokens = 6, Encoder = encoder, Denoiser = denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.25, 0.25, 0.25] };
        foreach (var (name, method) in new[] { ("captions", TokenMethod.Tdd), ("captions-masked", TokenMethod.Mdd), ("captions-ar", TokenMethod.Ar) })
        {
            var options = captions with { Method = method };
            using var captioner = new ImageCaptioner(options, TokenNetwork.Create(options, words.VocabularySize), words);
            captioner.Save(Path.Combine(_folder.FullName, name));
        }
        var labels = new ClassifierOptions { ClassNames = ["ant", "bee", FakeModels.Html], Encoder = encoder, Denoiser = denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.25, 0.25, 0.25] };
        foreach (var (name, method) in new[] { ("labels", TokenMethod.Tdd), ("head", TokenMethod.Linear) })
        {
            var options = labels with { Method = method };
            using var classifier = new ImageClassifier(options, TokenNetwork.Create(options, options.ClassNames.Count));
            classifier.Save(Path.Combine(_folder.FullName, name));
        }
        var letters = CharacterTokenizer.Build(["To be, or not to be\n"]);
        var writing = new TextGeneratorOptions { Tokens = 16, Denoiser = denoiser, Diffusion = new() { Known = new() } };
        using var text = new TextGenerator(writing, TokenNetwork.Create(writing, letters.VocabularySize), letters);
        text.Save(Path.Combine(_folder.FullName, "letters"));
        foreach (var (name, columns) in new[] { ("sudoku", new SudokuRows(count: 1, size: 4).Columns), ("table", new TokenColumns([new("size", ["small", "big"]), new("colour", ["red, dark", "blue"])])) })
        {
            var options = new RowGeneratorOptions { Tokens = columns.Count, Denoiser = denoiser, Diffusion = new() { Known = new() } };
            using var rows = new RowGenerator(options, TokenNetwork.Create(options, columns.VocabularySize), columns);
            rows.Save(Path.Combine(_folder.FullName, name));
        }
    }
}
