using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Tests.Web;

/// <summary>Every endpoint gives what the library gives.</summary>
public sealed class EndpointTests(ServedFolders folders) : IClassFixture<ServedFolders>, IAsyncLifetime
{
    private static readonly SamplingOptions Few = new() { Steps = 4, Seed = 3 };
    private TinyServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TinyServer.StartAsync(folders, ServedFolders.Names);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_models_say_what_can_be_asked_of_them()
    {
        var models = (await _server.Client.GetFromJsonAsync<JsonElement>("/api/models")).GetProperty("models").EnumerateArray().ToDictionary(model => model.GetProperty("name").GetString()!);

        models.Keys.Should().Equal(ServedFolders.Names);
        var classifier = models["classifier"];
        (classifier.GetProperty("kind").GetString(), classifier.GetProperty("method").GetString(), classifier.GetProperty("entries").GetInt32()).Should().Be(("classifier", "tdd", 5));
        classifier.GetProperty("version").GetString().Should().Be(ModelFolder.HashOf(folders.Of("classifier"))[..12]);
        classifier.GetProperty("sampling").GetProperty("steps").GetInt32().Should().Be(20);
        classifier.GetProperty("samplers").EnumerateArray().Select(name => name.GetString()).Should().Equal("renoise", "posterior", "ddim", "commit", "leftToRight");
        classifier.GetProperty("image").GetProperty("width").GetInt32().Should().Be(16);
        double[] schedule = [.. classifier.GetProperty("schedule").EnumerateArray().Select(level => level.GetDouble())];
        schedule.Should().HaveCount(101).And.BeInDescendingOrder();
        var expected = NoiseSchedule.Create(TinyClassifier().Diffusion);
        (schedule[0], schedule[^1]).Should().Be((expected.AlphaBar[0], expected.AlphaBar[^1]));
        models["linear"].TryGetProperty("sampling", out _).Should().BeFalse("there is nothing to sample");
        models["caption-mdd"].GetProperty("samplers").EnumerateArray().Select(name => name.GetString()).Should().Equal("confidence", "ancestral");
        models["text-ar"].GetProperty("samplers").GetArrayLength().Should().Be(0);
        models["rows"].GetProperty("columns")[1].GetProperty("entries").EnumerateArray().Select(entry => entry.GetString()).Should().Equal("small", "large");
        (await _server.Client.GetFromJsonAsync<JsonElement>("/api/models/rows")).ToString().Should().Be(models["rows"].ToString());
    }

    [Fact]
    public async Task Images_are_classified_alone_and_many_at_a_time()
    {
        using var classifier = ImageClassifier.Load(folders.Of("classifier"));
        using var images = classifier.Prepare([.. Enumerable.Range(0, 3).Select(TinyServer.Image)]);
        using var prediction = classifier.Predict(images, Few);
        var expected = classifier.Answers(prediction, 2);

        var (status, answer) = await _server.PostAsync("/api/models/classifier/classify", new { images = Enumerable.Range(0, 3).Select(TinyServer.Url), top = 2, sampling = new { steps = 4, seed = 3 } });

        status.Should().Be(200, answer.ToString());
        (answer.GetProperty("model").GetString(), answer.GetProperty("seed").GetInt64()).Should().Be(("classifier", 3));
        var results = answer.GetProperty("results").EnumerateArray().ToList();
        foreach (var (number, result) in results.Index())
        {
            result.GetProperty("steps").GetInt32().Should().Be(4);
            foreach (var (given, own) in result.GetProperty("answers").EnumerateArray().Zip(expected[number]))
            {
                given.GetProperty("class").GetString().Should().Be(own.Name, "names are data, whatever they hold");
                given.GetProperty("probability").GetDouble().Should().BeApproximately(own.Probability, 1e-5);
            }
        }
        var form = await FormAsync("/api/models/classifier/classify", """{ "top": 2, "sampling": { "steps": 4, "seed": 3 } }""", 0, 1, 2);
        form.GetProperty("results").ToString().Should().Be(answer.GetProperty("results").ToString());
        (await FormAsync("/api/models/linear/classify", null, 0)).GetProperty("results")[0].GetProperty("steps").GetInt32().Should().Be(0);
    }

    [Fact]
    public async Task Draws_of_a_classifier_are_averaged()
    {
        using var classifier = ImageClassifier.Load(folders.Of("classifier"));
        var expected = classifier.Classify(TinyServer.Image(0), 5, Few with { Draws = 6 });

        var result = await _server.ResultAsync("/api/models/classifier/classify", new { images = new[] { TinyServer.Url() }, sampling = new { steps = 4, seed = 3, draws = 6 } });

        foreach (var (given, own) in result.GetProperty("answers").EnumerateArray().Zip(expected))
            given.GetProperty("probability").GetDouble().Should().BeApproximately(own.Probability, 1e-5);
    }

    [Theory]
    [InlineData("caption-tdd")]
    [InlineData("caption-mdd")]
    [InlineData("caption-ar")]
    public async Task Images_are_captioned_freely_and_by_a_template(string model)
    {
        using var captioner = ImageCaptioner.Load(folders.Of(model));
        var sampling = model == "caption-ar" ? new() : Few;
        object asked = model == "caption-ar" ? new { } : new { steps = 4, seed = 3 };

        var free = await _server.ResultAsync($"/api/models/{model}/caption", new { images = new[] { TinyServer.Url() }, sampling = asked });
        var fixedWords = await _server.ResultAsync($"/api/models/{model}/fill", new { images = new[] { TinyServer.Url() }, sampling = asked, template = "a [_] dog" });

        free.GetProperty("text").GetString().Should().Be(captioner.Caption(TinyServer.Image(0), sampling));
        free.GetProperty("tokens").GetArrayLength().Should().Be(captioner.Options.Tokens);
        fixedWords.GetProperty("text").GetString().Should().Be(captioner.Caption(TinyServer.Image(0), sampling, TokenTemplate.Parse("a [_] dog", captioner.Tokenizer))).And.MatchRegex("^a .*dog");
    }

    [Fact]
    public async Task Several_draws_of_a_caption_are_candidates_of_which_one_is_chosen()
    {
        using var captioner = ImageCaptioner.Load(folders.Of("caption-mdd"));
        var sampling = Few with { Draws = 4, ToOne = ToOneKind.Multinomial };

        var result = await _server.ResultAsync("/api/models/caption-mdd/caption", new { images = new[] { TinyServer.Url() }, sampling = new { steps = 4, seed = 3, draws = 4, toOne = "multinomial" } });

        using var images = captioner.Prepare([TinyServer.Image(0)]);
        using var condition = captioner.Encode(images);
        result.GetProperty("candidates").EnumerateArray().Select(candidate => candidate.GetProperty("text").GetString()).Should().Equal(captioner.Caption(condition, sampling));
        result.GetProperty("text").GetString().Should().Be(captioner.Caption(TinyServer.Image(0), sampling));
    }

    [Theory]
    [InlineData("text-tdd")]
    [InlineData("text-mdd")]
    [InlineData("text-ar")]
    public async Task Texts_are_written_and_filled(string model)
    {
        using var generator = TextGenerator.Load(folders.Of(model));
        var sampling = model == "text-ar" ? new SamplingOptions { Seed = 3 } : Few;
        object asked = model == "text-ar" ? new { seed = 3 } : new { steps = 4, seed = 3 };

        var (status, answer) = await _server.PostAsync($"/api/models/{model}/generate", new { prompt = "a small", count = 3, sampling = asked });
        var filled = await _server.ResultAsync($"/api/models/{model}/fill", new { template = "two [__] sleep", sampling = asked });
        var longer = await _server.ResultAsync($"/api/models/{model}/generate", new { prompt = "a", length = 14, sampling = asked });

        status.Should().Be(200, answer.ToString());
        answer.GetProperty("results").EnumerateArray().Select(result => result.GetProperty("text").GetString()).Should().Equal(generator.Generate(3, "a small", sampling: sampling));
        filled.GetProperty("text").GetString().Should().Be(generator.Fill(TokenTemplate.Parse("two [__] sleep", generator.Tokenizer), sampling: sampling)[0]);
        longer.GetProperty("text").GetString().Should().Be(generator.Generate(1, "a", 14, sampling)[0]);
    }

    [Fact]
    public async Task Rows_are_drawn_and_filled_in()
    {
        using var generator = RowGenerator.Load(folders.Of("rows"));

        var (_, drawn) = await _server.PostAsync("/api/models/rows/generate", new { count = 3, sampling = new { steps = 4, seed = 3 } });
        var filled = await _server.ResultAsync("/api/models/rows/fill", new { rows = new[] { new[] { null, "large", "star" } }, sampling = new { steps = 4, seed = 3 } });

        drawn.GetProperty("results").EnumerateArray().Select(Entries).Should().BeEquivalentTo(generator.Generate(3, Few).Select(row => generator.Columns.Decode(row)), order => order.WithStrictOrdering());
        Entries(filled).Should().Equal(generator.Columns.Decode(generator.Fill([[-1, 1, 2]], Few)[0])).And.EndWith("star");

        static string?[] Entries(JsonElement result) => [.. result.GetProperty("entries").EnumerateArray().Select(entry => entry.GetString())];
    }

    [Fact]
    public async Task Likelihoods_are_exact_or_bounds_with_an_error()
    {
        const string text = "a small dog runs on green grass";
        using var generator = TextGenerator.Load(folders.Of("text-ar"));

        var exact = await _server.ResultAsync("/api/models/text-ar/score", new { texts = new[] { text } });
        var bound = await _server.ResultAsync("/api/models/text-tdd/score", new { texts = new[] { text }, draws = 8 });
        var caption = await _server.ResultAsync("/api/models/caption-ar/score", new { images = new[] { TinyServer.Url() }, texts = new[] { "a dog" } });
        var row = await _server.ResultAsync("/api/models/rows/score", new { rows = new[] { new[] { "red", "small", "disc" } } });

        // Seven tokens are a window of six, and one more token that is given the five before it.
        long[] ids = [.. generator.Tokenizer.Encode(text).Select(id => (long)id)];
        ids.Should().HaveCount(7);
        exact.GetProperty("nats").GetDouble().Should().BeApproximately(Nats(ids[..6]).Sum() + Nats(ids[1..])[^1], 1e-4);
        (exact.GetProperty("tokens").GetInt32(), exact.GetProperty("isBound").GetBoolean(), exact.GetProperty("standardError").GetDouble()).Should().Be((7, false, 0));
        exact.GetProperty("bitsPerCharacter").GetDouble().Should().BeApproximately(exact.GetProperty("nats").GetDouble() / Math.Log(2) / text.Length, 1e-9);
        (bound.GetProperty("isBound").GetBoolean(), bound.GetProperty("standardError").GetDouble() > 0).Should().Be((true, true));
        (caption.GetProperty("tokens").GetInt32(), caption.GetProperty("nats").GetDouble() > 0).Should().Be((3, true), "two words and the end");
        (row.GetProperty("tokens").GetInt32(), row.TryGetProperty("bitsPerCharacter", out _)).Should().Be((3, false));
        (await _server.RefusedAsync("/api/models/text-tdd/score", new { texts = new[] { "a dog" } })).Should().Be("texts[0]: has 2 tokens; the model measures windows of 6, so give a text of at least 6 tokens.");

        double[] Nats(long[] row)
        {
            using var condition = generator.Model.Unconditional(1);
            using var tokens = TorchSharp.torch.tensor(row, [1, row.Length]);
            return generator.Model.Likelihood(condition, tokens).Tokens[0];
        }
    }

    [Fact]
    public async Task Mistakes_are_named_in_the_words_of_the_request()
    {
        object images = new[] { TinyServer.Url() };
        (await _server.RefusedAsync("/api/models/nobody/classify", new { }, 404)).Should().StartWith("There is no model of that name; there are classifier, linear");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { })).Should().StartWith("images: must be given");
        (await _server.RefusedAsync("/api/models/classifier/caption", new { images })).Should().Be("A model of kind classifier has no caption; it has classify.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, top = 0 })).Should().Be("top = 0: must be at least 1.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, sampling = new { steps = 0 } })).Should().StartWith("sampling.steps = 0 is out of range");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, sampling = new { steps = 5000 } })).Should().Be("sampling.steps = 5000: is more than the 1000 that this server allows.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, sampling = new { stepz = 5 } })).Should().Be("sampling.stepz: is no member of this request; the nearest is steps.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, sampling = new { sampler = "renois" } })).Should().Be("sampling.sampler: 'renois' is not valid; use renoise, posterior, ddim, commit, leftToRight.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, sampling = new { steps = "many" } })).Should().Be("sampling.steps: has a value that does not fit.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images, deadlineSeconds = 1e9 })).Should().StartWith("deadlineSeconds = 1000000000: must be above 0 and at most 300.");
        (await _server.RefusedAsync("/api/models/linear/classify", new { images, sampling = new { steps = 5 } })).Should().StartWith("sampling: the model reads its answer off");
        (await _server.RefusedAsync("/api/models/caption-tdd/caption", new { images, template = "two dogs" })).Should().StartWith("'two dogs': has no gap to fill");
        (await _server.RefusedAsync("/api/models/caption-tdd/caption", new { images, template = "a zebra [_]" })).Should().StartWith("'zebra': is not in the model's vocabulary");
        (await _server.RefusedAsync("/api/models/text-tdd/generate", new { count = 100 })).Should().Be("count = 100: is more than the 32 that this server allows.");
        (await _server.RefusedAsync("/api/models/text-tdd/generate", new { sampling = new { draws = 2 } })).Should().Be("sampling.draws: is for images; ask for several texts by count.");
        (await _server.RefusedAsync("/api/models/text-ar/generate", new { sampling = new { steps = 2 } })).Should().StartWith("sampling.steps = 2 is no choice with an autoregressive model");
        (await _server.RefusedAsync("/api/models/rows/fill", new { rows = new[] { new[] { "pink", null, null } } })).Should().Be("rows[0][0]: column 'color' has no entry 'pink'.");
        (await _server.RefusedAsync("/api/models/rows/fill", new { rows = new[] { new[] { "red" } } })).Should().Be("rows[0]: has 1 entries, and the model has 3 columns.");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images = new[] { "https://example.org/a.png" } })).Should().StartWith("images[0]: must be an image as a data URL");
        (await _server.RefusedAsync("/api/models/classifier/classify", new { images = new[] { "data:image/png;base64,bm8=" } })).Should().StartWith("'image 1' cannot be read as an image");
        (await _server.RefusedAsync("/v1/chat/completions", new { model = "rows", messages = new[] { new { role = "user", content = "hm" } } })).Should().StartWith("model: 'rows' is of kind rows");
    }

    [Fact]
    public async Task Health_metrics_and_the_document_are_there()
    {
        (await _server.Client.GetStringAsync("/health/live")).Should().Be("""{"status":"live"}""");
        (await _server.Client.GetStringAsync("/health/ready")).Should().Be("""{"status":"ready"}""");
        _ = await _server.ResultAsync("/api/models/text-mdd/generate", new { sampling = new { steps = 2 } });
        (await _server.Client.GetStringAsync("/metrics")).Should().MatchRegex("(?m)^tweedie_web_requests_total\\{.*model=\"text-mdd\".*task=\"generate\".*\\} \\d").And.Contain("tweedie_web_batch_rows").And.Contain("tweedie_sampling_steps_total");
        var document = await _server.Client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Should().Contain(
            ["/api/models", "/api/models/{name}", "/api/models/{name}/classify", "/api/models/{name}/caption", "/api/models/{name}/generate", "/api/models/{name}/fill", "/api/models/{name}/score", "/api/models/{name}/reload", "/v1/chat/completions", "/v1/models", "/api/gallery", "/health/ready"]);
        document.GetProperty("components").GetProperty("schemas").GetProperty("SamplingOptions").GetProperty("properties").EnumerateObject().Select(member => member.Name).Should().Contain(["steps", "lengthBias", "seed"]);
        using var nothing = await _server.Client.GetAsync("/nothing");
        (await TinyServer.ProblemAsync(nothing, 404)).Should().Be("There is nothing at this address for GET.");
    }

    private static ClassifierOptions TinyClassifier() => Models.TinyClassifier.Options;

    private async Task<JsonElement> FormAsync(string path, string? request, params int[] images)
    {
        using var form = new MultipartFormDataContent();
        if (request is not null)
            form.Add(new StringContent(request), "request");
        foreach (var number in images)
            form.Add(new ByteArrayContent(TinyServer.Png(number)) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "image", $"../{number}.png");
        using var response = await _server.Client.PostAsync(path, form);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        ((int)response.StatusCode).Should().Be(200, body.ToString());
        return body;
    }
}
