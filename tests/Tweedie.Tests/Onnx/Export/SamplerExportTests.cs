using Microsoft.ML.OnnxRuntime;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Onnx;

/// <summary>The paper's loop as one graph gives the tokens of the loop in libtorch, from the same noise.</summary>
public sealed class SamplerExportTests
{
    private const int Items = 2, Steps = 5;

    private static readonly CaptionerOptions Plain = TinyCaptioner.Options;

    private static readonly Dictionary<string, CaptionerOptions> Models = new()
    {
        ["as by default"] = Plain,
        ["embedded, self-conditioning"] = Plain with { Denoiser = Plain.Denoiser with { Width = 4, Heads = 1, SelfConditioning = true } },
        ["embedded, evidence and posterior input"] = Plain with
        {
            Denoiser = Plain.Denoiser with { Width = 4, Heads = 1 },
            Diffusion = new() { Prediction = PredictionKind.Evidence, Input = InputKind.Posterior, Scale = 0.8 },
        },
    };

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void The_loop_chooses_the_tokens_of_libtorch(string model)
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(Models[model]);
        var description = OnnxExport.Export(captioner, folder.Path, new() { Sampler = true });
        using var images = TinyClassifier.Images(Items);
        using var condition = captioner.Encode(images);
        var sampling = new SamplingOptions { Steps = Steps, Guidance = 2, GuidanceSchedule = GuidanceSchedule.Linear, Seed = 6 };

        var tokens = Sample(folder.Path, description, [.. images.data<float>()], sampling);

        var expected = captioner.Denoise(condition, sampling).Select(step => step.Snapshot().Tokens).ToList()[^1];
        tokens.Chunk(description.Tokens).Should().BeEquivalentTo(expected, options => options.WithStrictOrdering());
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void Noise_that_the_loop_draws_itself_has_the_law_of_noise_that_it_is_given(string model)
    {
        const int items = 6000;
        using var folder = new TemporaryFolder();
        using var generator = TinyTextGenerator.Create(TinyTextGenerator.Options with { Denoiser = Models[model].Denoiser, Diffusion = Models[model].Diffusion });
        var (given, drawn) = (Path.Combine(folder.Path, "given"), Path.Combine(folder.Path, "drawn"));
        var description = OnnxExport.Export(generator, given, new() { Sampler = true });
        OnnxExport.Export(generator, drawn, new() { Sampler = true, DrawsNoise = true });
        var length = items * description.Tokens * Dimensions(description);
        var noise = new float[Steps * length];
        new ItemStreams(ItemStreams.Seeds(1, [.. Enumerable.Range(0, Steps * items)])).FillNormal(0, NoisePurpose.State, noise);

        using var fromGiven = new OnnxGraph(Path.Combine(given, OnnxNames.Sampler), 1);
        using var fromDrawn = new OnnxGraph(Path.Combine(drawn, OnnxNames.Sampler), 1);
        long[] Run(OnnxGraph sampler, double scale) => Loop(sampler, Plan(description), guidance: null, inputs => (sampler == fromDrawn
            ? inputs.Add("items", [(long)items], 1) : inputs.Add("noise", Array.ConvertAll(noise, number => (float)(scale * number)), Steps, items, description.Tokens, Dimensions(description))));
        double[] Shares(long[] tokens) => [.. Enumerable.Range(0, description.Classes).Select(entry => tokens.Count(token => token == entry) / (double)tokens.Length)];
        double Distance(double[] first, double[] second) => first.Zip(second, (a, b) => Math.Abs(a - b)).Sum() / 2;
        var (own, other) = (Run(fromDrawn, 1), Run(fromDrawn, 1));
        var expected = Shares(Run(fromGiven, 1));

        own.Should().OnlyContain(token => token >= 0 && token < description.Classes).And.HaveCount(items * description.Tokens);
        own.Should().NotEqual(other, "each run draws other noise");
        var distance = Distance(Shares(own), expected);
        distance.Should().BeLessThan(0.03, "shares of {0} tokens", own.Length);
        if (description.State == OnnxState.Embedded) // the choices of the other model follow the noise too little
            distance.Should().BeLessThan(Distance(Shares(own), Shares(Run(fromGiven, 0.5))), "noise of half the deviation leads to other shares");
    }

    [Fact]
    public void Noise_is_drawn_inside_the_loop_alone()
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(Plain);

        var export = () => OnnxExport.Export(captioner, folder.Path, new() { DrawsNoise = true });

        export.Should().Throw<TweedieException>().Which.Option!.Member.Should().Be("DrawsNoise");
    }

    [Fact]
    public void A_loop_with_a_condition_draws_noise_for_each_item()
    {
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(Plain);
        var description = OnnxExport.Export(captioner, folder.Path, new() { Sampler = true, DrawsNoise = true });
        using var images = TinyClassifier.Images(1);
        using var encoder = new OnnxGraph(Path.Combine(folder.Path, OnnxNames.Encoder), 1);
        using var image = new Inputs().Add("images", [.. Enumerable.Repeat(images.data<float>().ToArray(), 20).SelectMany(pixels => pixels)], 20, 3, 16, 16);
        using var context = encoder.Run(image.Values, encoder.Outputs);

        using var sampler = new OnnxGraph(Path.Combine(folder.Path, OnnxNames.Sampler), 1);
        var tokens = Loop(sampler, Plan(description), new Guidance(2, GuidanceSchedule.Constant), inputs => inputs, encoder.Outputs.Zip(context, KeyValuePair.Create));

        tokens.Chunk(description.Tokens).Select(row => string.Join(' ', row)).Distinct().Should().HaveCountGreaterThan(1, "equal images have noise of their own");
    }

    [Fact]
    public void Other_methods_have_no_such_loop()
    {
        using var folder = new TemporaryFolder();
        using var masked = TinyCaptioner.Create(Plain with { Method = TokenMethod.Mdd });
        using var linear = TinyClassifier.Create(TinyClassifier.Linear);

        var exports = new Action[] { () => OnnxExport.Export(masked, folder.Path, new() { Sampler = true }), () => OnnxExport.Export(linear, folder.Path, new() { Sampler = true }) };

        exports.Should().AllSatisfy(export => export.Should().Throw<TweedieException>().WithMessage("Sampler = true is for one-hot diffusion*"));
        Directory.EnumerateFileSystemEntries(folder.Path).Should().BeEmpty();
    }

    private static IReadOnlyList<NoiseLevel> Plan(OnnxModelOptions model) => SamplingPlan.Uniform(NoiseSchedule.Create(model.Diffusion), Steps);

    private static int Dimensions(OnnxModelOptions model) => model.State == OnnxState.Embedded ? model.Width : model.Classes;

    private static long[] Sample(string folder, OnnxModelOptions model, float[] images, SamplingOptions sampling)
    {
        var (streams, length) = (new ItemStreams(ItemStreams.Seeds(sampling.Seed, [0, 1])), Items * model.Tokens * Dimensions(model));
        var noise = new float[Steps * length];
        for (var step = 0; step < Steps; step++) // the noise of a step is drawn when the step before it ends
            streams.FillNormal(step - 1, NoisePurpose.State, noise.AsSpan(step * length, length));
        using var encoder = new OnnxGraph(Path.Combine(folder, OnnxNames.Encoder), 1);
        using var image = new Inputs().Add("images", images, Items, 3, 16, 16);
        using var context = encoder.Run(image.Values, encoder.Outputs);
        using var sampler = new OnnxGraph(Path.Combine(folder, OnnxNames.Sampler), 1);
        return Loop(sampler, Plan(model), sampling.GuidanceOverSteps(), inputs => inputs.Add("noise", noise, Steps, Items, model.Tokens, Dimensions(model)), encoder.Outputs.Zip(context, KeyValuePair.Create));
    }

    // The tokens that sampler.onnx chooses.
    private static long[] Loop(OnnxGraph sampler, IReadOnlyList<NoiseLevel> plan, Guidance? guidance, Func<Inputs, Inputs> addNoise,
        IEnumerable<KeyValuePair<string, OrtValue>>? context = null)
    {
        using var levels = addNoise(new Inputs().Add("told", [.. plan.Select(level => (float)level.Timestep)], Steps)
            .Add("alpha_bar", [.. plan.Select(level => (float)level.AlphaBar)], Steps).Add("variance", [.. plan.Select(level => (float)(1 - level.AlphaBar))], Steps));
        if (guidance is not null)
            levels.Add("guidance", [.. Enumerable.Range(0, Steps).Select(step => (float)guidance.ScaleAt(step, Steps))], Steps);
        using var results = sampler.Run([.. levels.Values, .. context ?? []], ["tokens"]);
        return results[0].GetTensorDataAsSpan<long>().ToArray();
    }
}
