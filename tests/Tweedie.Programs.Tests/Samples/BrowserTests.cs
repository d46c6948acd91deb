using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using Tweedie.Tests.Sampling;
using Tweedie.Text;

namespace Tweedie.Tests.Samples;

/// <summary>The sample <c>samples/browser</c> computes in Node and in a browser what .NET computes.</summary>
public sealed class BrowserTests(Chromium chromium) : IAsyncLifetime
{
    private static readonly string Sample = Path.Combine(Shared.RepositoryRoot, "samples", "browser");

    private readonly TemporaryFolder _folder = new();

    private FileServer? _server;

    public async ValueTask InitializeAsync() => _server = await FileServer.StartAsync(Sample, _folder.Path);

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Node_computes_the_steps_of_dotnet()
    {
        var folders = BrowserCase.Names.ToDictionary(name => name, _ => new TemporaryFolder());
        try
        {
            var expected = folders.Select(pair => (Name: pair.Key, Answer: BrowserCase.Write(pair.Value, pair.Key))).ToList();

            var (exit, output) = Node("model", [.. folders.Values.Select(folder => folder.Path)]); // one process: to start one takes longer than to check a model

            using (new AwesomeAssertions.Execution.AssertionScope())
                foreach (var (line, (name, answer)) in output.Split('\n').Zip(expected))
                    line.Trim().Should().Contain("logits within ", name).And.EndWith(answer is null ? "" : $"\"{answer}\"", name);
            output.Split('\n').Should().HaveSameCount(expected);
            exit.Should().Be(0);
        }
        finally
        {
            foreach (var folder in folders.Values)
                folder.Dispose();
        }
    }

    [Fact]
    public void A_difference_is_found()
    {
        BrowserCase.Write(_folder, "captioner");

        ShouldSay("case.json",
        [
            (item => item["steps"]![2]!["logits"]![7] = item["steps"]![2]!["logits"]![7]!.GetValue<float>() + 0.001f, "step 2: a logit differs by 0.00*"),
            (item => item["answer"] = "another one", "the answer is *, not \"another one\""),
            (item => item["steps"]!.AsArray().RemoveAt(4), "there are more than 4 steps"),
            (item => item["steps"]![1]!["tokens"]![0] = 1 - item["steps"]![1]!["tokens"]![0]!.GetValue<int>(), "step 1 gives the tokens *"),
            (item => item["itemSeed"] = "7", "the item's seed is *, not 7"),
        ]);
    }

    [Fact]
    public void What_it_does_not_do_is_refused_by_name()
    {
        BrowserCase.Write(_folder, "captioner");
        Change("case.json", item => item["sampling"] = new JsonObject { ["seed"] = "3" }); // so the model's own sampling is asked for

        ShouldSay("model/model.json",
        [
            (model => model["sampling"]!["toOne"] = "multinomial", "toOne = multinomial: this page samples by argmax alone."),
            (model => model["sampling"]!["sampler"] = "posterior", "sampler = posterior: this page samples by renoise, commit or leftToRight."),
            (model => model["sampling"]!["stagger"] = 0.5, "stagger = 0.5: this page samples with all tokens together, or by commit."),
            (model => model["sampling"]!["noiseScale"] = 0.5, "noiseScale = 0.5: this page samples with the whole noise."),
            (model => model["kind"] = "clip", "model.json: the model is a clip; give a classifier or a captioner."),
            (model => model["files"]!["step.onnx"] = new string('0', 64), "step.onnx: is not as it was exported; export the model again."),
        ]);
    }

    private void Change(string file, Action<JsonNode> change)
    {
        var node = JsonNode.Parse(File.ReadAllText(_folder.File(file)))!;
        change(node);
        File.WriteAllText(_folder.File(file), node.ToJsonString());
    }

    // Each change is made in a copy of the case. One process checks all copies, because to start one takes longer than to check.
    private void ShouldSay(string file, (Action<JsonNode> Change, string Message)[] expected)
    {
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_folder.Path, path)).ToList();
        for (var i = 0; i < expected.Length; i++)
        {
            foreach (var path in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_folder.File($"{i}/{path}"))!);
                File.Copy(_folder.File(path), _folder.File($"{i}/{path}"));
            }
            Change($"{i}/{file}", expected[i].Change);
        }

        var (exit, output) = Node("model", [.. Enumerable.Range(0, expected.Length).Select(i => _folder.File($"{i}"))]);

        var lines = output.Split('\n');
        lines.Should().HaveSameCount(expected);
        using (new AwesomeAssertions.Execution.AssertionScope())
            foreach (var (line, (_, message)) in lines.Zip(expected))
                line.Trim().Should().Match(message);
        exit.Should().Be(1);
    }

    private const string Prose = "The dog's T-shirt (red/blue) isn't \u00e9t\u00e9, \u4f60\u597d: 5 % of \u201cit\u201d; don't! we'll see [END] .. a-b -c 'd";

    private static readonly Dictionary<string, Action<string>> Tokenizers = new()
    {
        ["words"] = folder => WordTokenizer.Build([Prose]).Save(folder),
        ["word pieces"] = folder => File.WriteAllLines(Path.Combine(folder, BertTokenizer.FileName),
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", .. "abcdefghijklmnopqrstuvwxyz".SelectMany(letter => new[] { $"{letter}", $"##{letter}" }), "the", "##'s", "'", "-", "(", ")", ".", ",", "!", "%", "don", "\u4f60"]),
        ["characters"] = folder => CharacterTokenizer.Build([Prose + "\n\t\\\u00a0"], unknown: true).Save(folder),
        ["bytes"] = folder => new ByteTokenizer().Save(folder),
        ["GPT-2"] = folder => Gpt2Tokenizer.Create().Save(folder),
        ["CLIP"] = folder => File.WriteAllLines(Path.Combine(folder, ClipTokenizer.FileName), ["#version: 0.2", "t h", "th e</w>", "d o", "do g</w>", "i t</w>"]),
    };

    public static TheoryData<string> TokenizerNames => [.. Tokenizers.Keys];

    [Theory]
    [MemberData(nameof(TokenizerNames))]
    public void Node_writes_the_sentences_of_dotnet(string name)
    {
        Tokenizers[name](_folder.Path);
        var tokenizer = Tweedie.Text.Tokenizers.Load(_folder.Path);
        var random = new Random(9);
        var rows = Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 24).Select(_ => random.Next(tokenizer.VocabularySize)).ToArray())
            .Append([.. tokenizer.Encode(Prose), tokenizer.Special.End, tokenizer.Special.Padding]).Append([tokenizer.Special.End]).Append([]);
        File.WriteAllText(_folder.File("rows.json"), JsonSerializer.Serialize(new
        {
            Files = Directory.GetFiles(_folder.Path).Select(path => Path.GetFileName(path)),
            Size = tokenizer.VocabularySize,
            tokenizer.Special.End,
            Rows = rows.Select(ids => new { Ids = ids, Sentence = tokenizer.DecodeRow(ids) }),
        }, JsonSerializerOptions.Web));

        Node("tokenizer", _folder.Path).Should().Be((0, "203 equal"));
    }

    [Theory]
    [InlineData("captioner, many steps")]
    [InlineData("captioner, masked")]
    [InlineData("classifier, consensus")]
    [InlineData("classifier, frozen encoder")]
    public async Task A_browser_computes_the_steps_of_dotnet(string name)
    {
        var expected = BrowserCase.Write(_folder, name);
        var (page, errors) = await OpenAsync("check/index.html?model=../case/");

        await WaitAsync(page, errors, "document.title === 'done'");

        (await page.TextContentAsync("#result")).Should().Contain("logits within ").And.EndWith($"\"{expected}\"");
        errors.Should().BeEmpty();
    }

    [Fact]
    public async Task A_browser_computes_the_known_random_numbers()
    {
        File.Copy(NoiseGolden.File, _folder.File("noise.json"));
        var (page, errors) = await OpenAsync("check/index.html?noise=../case/noise.json");

        await WaitAsync(page, errors, "document.title === 'done'");

        (await page.TextContentAsync("#result")).Should().Be("equal");
        errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("captioner", 1280)]
    [InlineData("classifier, consensus", 390)]
    public async Task The_page_denoises_an_image_step_by_step(string name, int width)
    {
        var expected = BrowserCase.Write(_folder, name);
        var (page, errors) = await OpenAsync("index.html?model=case/model", width);
        await WaitAsync(page, errors, "document.querySelector('#status').textContent === 'Choose an image.'");
        await page.FillAsync("#seed", "3");
        await page.FillAsync("#guidance", "2");
        await page.FillAsync("#steps", "5");

        await page.SetInputFilesAsync("#file", _folder.File("image.png"));
        await WaitAsync(page, errors, "document.querySelector('#status').textContent.startsWith('5 steps in')");

        var answer = await page.TextContentAsync("#answer");
        answer.Should().StartWith(expected);
        (await page.TextContentAsync("#level")).Should().Be("the answer");
        await page.Locator("#step").FillAsync("1");
        (await page.TextContentAsync("#level")).Should().StartWith("2 of 5, t = ");
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).Should().BeLessThanOrEqualTo(width, "the page does not scroll sideways");
        if (Environment.GetEnvironmentVariable("TWEEDIE_SCREENSHOTS") is { } folder)
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png"), FullPage = true });
        errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_page_names_what_is_wrong()
    {
        BrowserCase.Write(_folder, "captioner");
        File.AppendAllText(_folder.File("model/words.txt"), "more\n");
        var (page, errors) = await OpenAsync("index.html?model=case/model");

        await WaitAsync(page, errors, "document.querySelector('#status.wrong')");

        (await page.TextContentAsync("#status")).Should().Be("words.txt: is not as it was exported; export the model again.");
        (await page.IsDisabledAsync("#start")).Should().BeTrue();
    }

    private static (int Exit, string Output) Node(string what, params string[] paths)
    {
        SkipWithoutRuntime();
        try
        {
            var result = SampleProgram.Start(null, "node", [Path.Combine(Sample, "check", "check.js"), what, .. paths]);
            return (result.ExitCode, result.Output.Trim());
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs node in the PATH");
            throw;
        }
    }

    private static void SkipWithoutRuntime() =>
        Assert.SkipUnless(Directory.Exists(Path.Combine(Sample, "node_modules", "onnxruntime-web")), "needs onnxruntime-web: run npm install in samples/browser");

    private async Task<(IPage Page, List<string> Errors)> OpenAsync(string address, int width = 1280)
    {
        SkipWithoutRuntime();
        var (page, errors) = await chromium.OpenAsync(width);
        await page.GotoAsync($"{_server!.Address}/{address}");
        return (page, errors);
    }

    // An error of the page says more than that the time is over.
    private static async Task WaitAsync(IPage page, List<string> errors, string condition)
    {
        try
        {
            await page.WaitForFunctionAsync(condition);
        }
        catch (TimeoutException)
        {
            errors.Should().BeEmpty();
            throw;
        }
    }
}
