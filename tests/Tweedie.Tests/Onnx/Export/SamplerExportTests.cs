using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Data;
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

    private static long[] Sample(string folder, OnnxModelOptions model, float[] images, SamplingOptions sampling)
    {
        var plan = SamplingPlan.Uniform(NoiseSchedule.Create(model.Diffusion), Steps);
        var dimensions = model.State == OnnxState.Embedded ? model.Width : model.Classes;
        var (streams, length) = (new ItemStreams(ItemStreams.Seeds(sampling.Seed, [0, 1])), Items * model.Tokens * dimensions);
        var noise = new float[Steps * length];
        for (var step = 0; step < Steps; step++) // the noise of a step is drawn when the step before it ends
            streams.FillNormal(step - 1, NoisePurpose.State, noise.AsSpan(step * length, length));
        var guidance = sampling.GuidanceOverSteps();

        using var encoder = new OnnxGraph(Path.Combine(folder, OnnxNames.Encoder), 1);
        using var sampler = new OnnxGraph(Path.Combine(folder, OnnxNames.Sampler), 1);
        using var image = new Inputs().Add("images", images, Items, 3, 16, 16);
        using var context = encoder.Run(image.Values, encoder.Outputs);
        using var levels = new Inputs().Add("told", [.. plan.Select(level => (float)level.Timestep)], Steps)
            .Add("alpha_bar", [.. plan.Select(level => (float)level.AlphaBar)], Steps).Add("variance", [.. plan.Select(level => (float)(1 - level.AlphaBar))], Steps)
            .Add("guidance", [.. Enumerable.Range(0, Steps).Select(step => (float)guidance.ScaleAt(step, Steps))], Steps)
            .Add("noise", noise, Steps, Items, model.Tokens, dimensions);
        using var results = sampler.Run([.. levels.Values, .. encoder.Outputs.Zip(context, KeyValuePair.Create)], ["tokens"]);
        return results[0].GetTensorDataAsSpan<long>().ToArray();
    }
}
