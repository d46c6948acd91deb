using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Tweedie.Hosting;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Hosting;

public sealed class ServiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Models_are_services_that_are_loaded_once_and_disposed_of_with_the_container()
    {
        using (var classifier = TinyClassifier.Create())
            classifier.Save(In("classifier"));
        using (var captioner = TinyCaptioner.Create())
            captioner.Save(In("captioner"));
        using (var generator = TinyTextGenerator.Create())
            generator.Save(In("generator"));
        var log = new KeptLog();
        var services = new ServiceCollection().AddSingleton<ILoggerFactory>(log).AddTweedie(models => models
            .AddClassifier(In("classifier")).AddCaptioner(In("captioner")).AddTextGenerator(In("generator"), key: "writer"));
        log.Lines.Should().BeEmpty("nothing is loaded yet");

        ImageClassifier loaded;
        await using (var provider = services.BuildServiceProvider())
        {
            loaded = provider.GetRequiredService<ImageClassifier>();
            provider.GetRequiredService<ImageClassifier>().Should().BeSameAs(loaded);
            log.Lines.Should().ContainSingle().Which.Should().MatchRegex($"^Information: Loaded ImageClassifier from {In("classifier")} in \\d+\\.\\d s$");
            provider.GetRequiredService<IChatClient>().GetService<ImageCaptioner>().Should().BeSameAs(provider.GetRequiredService<ImageCaptioner>());
            provider.GetRequiredKeyedService<IChatClient>("writer").GetService<TextGenerator>().Should().BeSameAs(provider.GetRequiredKeyedService<TextGenerator>("writer"));
            provider.GetService<TextGenerator>().Should().BeNull("it has a key");
        }

        FluentActions.Invoking(() => loaded.Classify(new RasterImage(1, 1, 3, new byte[3]))).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task The_towers_of_a_clip_are_embedding_generators()
    {
        using (var clip = TinyClip.Create())
            clip.Save(In("clip"));
        await using var provider = new ServiceCollection().AddTweedie(models => models.AddClip(In("clip"))).BuildServiceProvider();
        var model = provider.GetRequiredService<ClipModel>();
        var (texts, images) = (provider.GetRequiredService<IEmbeddingGenerator<string, Embedding<float>>>(), provider.GetRequiredService<IEmbeddingGenerator<DataContent, Embedding<float>>>());
        var image = new RasterImage(8, 8, 3, [.. Enumerable.Range(0, 192).Select(i => (byte)i)]);

        var embedded = await texts.GenerateAsync(["a dog", "a cat"]);
        using var expected = model.EncodeTexts(["a dog", "a cat"]);

        embedded.SelectMany(vector => vector.Vector.ToArray()).Should().Equal(expected.data<float>());
        (await images.GenerateAsync([new DataContent(ImageWriter.ToPng(image), "image/png")]))[0].Vector.ToArray().Should().Equal(model.EmbedImages([image])[0]);
        texts.GetService<EmbeddingGeneratorMetadata>()!.DefaultModelDimensions.Should().Be(model.Options.Network.EmbeddingWidth);
        await FluentActions.Awaiting(() => texts.GenerateAsync(["a"], new() { Dimensions = 3 })).Should().ThrowAsync<TweedieException>().WithMessage("Dimensions = 3: *");
        await FluentActions.Awaiting(() => images.GenerateAsync([new DataContent(new byte[] { 1 }, "image/png")])).Should().ThrowAsync<TweedieException>()
            .WithMessage("'image 0' cannot be read as an image: *");
    }

    [Fact]
    public async Task A_training_logs_its_steps_and_evaluations()
    {
        var log = new KeptLog();
        using var session = TrainingSession.Open(TinyRun.Config.With(training => training with { LogEvery = 1 }), new RunFolder(In("run")), CPU, resume: false);

        await session.RunAsync(new LoggedTraining(log.CreateLogger("training")));

        log.Lines[0].Should().MatchRegex("^Information: Training begins: \\d+ steps in \\d+ epochs$");
        log.Lines.Should().Contain(line => line.StartsWith("Information: Step 1 of ")).And.Contain(line => line.StartsWith("Information: Evaluation after step "));
    }

    private string In(string name) => Path.Combine(_folder.Path, name);

    /// <summary>Keeps what is logged.</summary>
    private sealed class KeptLog : ILoggerFactory, ILogger
    {
        public List<string> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add($"{logLevel}: {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
