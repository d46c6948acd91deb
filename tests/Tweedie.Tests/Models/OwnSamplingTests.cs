using TorchSharp.Modules;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>Models and samplings that are not the library's: a custom conditioner, a custom reverse process and a custom model folder.</summary>
[Collection(GlobalState.Name)]
public sealed class OwnSamplingTests
{
    private const int Tokens = 3;
    private const int Entries = 7;
    private static readonly SamplingOptions Sampling = new() { Steps = 4, Decode = DecodeKind.Last, ToOne = ToOneKind.Multinomial, Draws = 2, Seed = 5 };

    [Fact]
    public void The_reverse_process_of_options_gives_what_the_options_give()
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var condition = ones(2, 1, 8);

        var byOptions = model.Denoise(condition, Sampling).Select(step => step.Snapshot()).ToList();
        var byProcess = model.Denoise(condition, model.Reverse(Sampling), Sampling.Seed, Sampling.Draws).Select(step => step.Snapshot()).ToList();

        byProcess.Should().HaveCount(4).And.BeEquivalentTo(byOptions, options => options.WithStrictOrdering());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void The_evaluator_measures_a_reverse_process_as_it_measures_the_options_of_it(int draws)
    {
        using var scope = NewDisposeScope();
        using var model = Create();
        var settings = new EvaluationSettings { Steps = [4], Draws = draws, Seed = 9, BatchSize = 2, Decode = [DecodeKind.Last, DecodeKind.Consensus] };
        using var images = new EncodedImages(randn(5, 1, 8), [0, 1, 2, 3, 4], 0);

        var byOptions = Evaluator.Evaluate(model, [images], settings, [() => new Recorder()]);
        var byProcess = Evaluator.Evaluate(
            model, [images], new Dictionary<string, IReverseProcess> { ["own"] = model.Reverse(new() { Steps = 4, Decode = DecodeKind.Last }) },
            [() => new Recorder()], settings.Decode, draws, settings.Seed, settings.BatchSize);

        byProcess.Select(row => row.Name).Should().Equal("own.last", "own.consensus");
        byProcess.Select(row => row.Sampling).Should().AllBeEquivalentTo((SamplingOptions?)null);
        byProcess.Zip(byOptions).Should().AllSatisfy(rows =>
            rows.First.Metric<Recorder>().Tokens.Should().HaveCount(5 * Tokens).And.Equal(rows.Second.Metric<Recorder>().Tokens));
    }

    [Fact]
    public void A_model_of_ones_own_is_saved_and_loaded()
    {
        using var folder = new TemporaryFolder();
        using var network = Network();
        var options = new OwnOptions { Width = 8, Mean = [0.5], Std = [0.25] };
        ModelFolder.Save(folder.Path, options, network);

        ModelFolder.ReadOptions<OwnOptions>(folder.Path, "own").Should().BeEquivalentTo(options);
        using var loaded = ModelFolder.Load(folder.Path, 0, Network, made => made);
        foreach (var (name, tensor) in network.state_dict())
            loaded.state_dict()[name].data<float>().ToArray().Should().Equal(tensor.data<float>().ToArray(), name);
        FluentActions.Invoking(() => ModelFolder.ReadOptions<OwnOptions>(folder.Path, "other")).Should().Throw<TweedieException>().WithMessage("*kind own*other*");
        FluentActions.Invoking(() => ModelFolder.Load(folder.Path, long.MaxValue / 2, Network, made => made)).Should().Throw<TweedieException>();
    }

    [Fact]
    public void A_registered_name_opens_images_and_is_named_in_errors()
    {
        var opened = new List<(string, DataSplit)>();
        ImageSources.Register("own-images", (settings, split) =>
        {
            opened.Add((settings, split));
            return new ShapeSource(3);
        });

        ImageSources.Open("own-images:size=3", DataSplit.Test).Count.Should().Be(3);
        ImageSources.Open("own-images", DataSplit.Train).Count.Should().Be(3);

        opened.Should().Equal(("size=3", DataSplit.Test), ("", DataSplit.Train));
        ImageSources.HasTestSplit("own-images:size=3").Should().BeTrue();
        ImageSources.Names.Should().Contain(["own-images", "shapes"]);
        FluentActions.Invoking(() => ImageSources.Open("own-image:size=3", DataSplit.Test)).Should().Throw<TweedieException>()
            .WithMessage("*did you mean own-images?*own-images*shapes*");
        FluentActions.Invoking(() => ImageSources.Register("shapes", (_, _) => new ShapeSource(1))).Should().Throw<ArgumentException>().WithMessage("*already*");
        foreach (var name in new[] { "", "c", "Own", "own images", "own:images", "1own" })
            FluentActions.Invoking(() => ImageSources.Register(name, (_, _) => new ShapeSource(1))).Should().Throw<ArgumentException>();
    }

    private static TokenModel Create() => new(Network(), new OneHotDiffusion(new() { Timesteps = 20 }), new OwnOptions(), new() { Steps = 2, Decode = DecodeKind.Last });

    private static TokenNetwork Network()
    {
        manual_seed(3);
        return new(new Conditioner(), new Denoiser(new() { Width = 8, Depth = 1, Heads = 2 }, Entries, Tokens, 8));
    }

    private sealed record OwnOptions : ImageInputOptions
    {
        public string Kind { get; init; } = "own";

        public int Width { get; init; }

        /// <summary>A list that nothing can set, so it is not written.</summary>
        public IReadOnlyList<int> Computed => [Width];

        public override ImageShape Input => new(1, 8, 8);
    }

    private sealed class Conditioner : IConditioner
    {
        private readonly Linear _layer = nn.Linear(8, 8);

        public nn.Module Network => _layer;

        public int Width => 8;

        public int Tokens => 1;

        public Tensor Condition(Tensor input) => _layer.forward(input);
    }

    private sealed class Recorder : IMetric
    {
        public List<long> Tokens { get; } = [];

        public void Add(PredictedBatch batch) => Tokens.AddRange(batch.Tokens.cpu().contiguous().data<long>().ToArray());

        public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();
    }
}
