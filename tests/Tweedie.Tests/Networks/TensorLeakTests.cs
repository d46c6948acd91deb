using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

/// <summary>Fifty rounds of training and of sampling leave as many live tensors as one round, with no dispose scope around them.</summary>
public sealed class TensorLeakTests : IDisposable
{
    private const int Classes = 6;

    private readonly NoiseSchedule _schedule = NoiseSchedule.Cosine(100);
    private readonly VisionTransformer _encoder = new(new VisionTransformerOptions
    {
        ImageSize = 8,
        Channels = 1,
        PatchSize = 4,
        Width = 8,
        Depth = 2,
        Heads = 2,
        DropPath = 0.2,
    });
    private readonly Denoiser _denoiser = new(
        new DenoiserOptions { Width = 8, Depth = 2, Heads = 2 }, Classes, tokens: 2, conditionWidth: 8);
    private readonly Tensor _images = randn(3, 1, 8, 8);
    private readonly Tensor _tokens = randint(0, Classes, [3, 2], int64);

    public void Dispose()
    {
        _encoder.Dispose();
        _denoiser.Dispose();
        _images.Dispose();
        _tokens.Dispose();
    }

    private static void LeaveNothing(Action round)
    {
        round(); // gradients are made once
        LiveTensors.LeftBy(() =>
        {
            for (var i = 0; i < 50; i++)
                round();
        }).Should().Be(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_leaves_no_tensors(bool embeddedSpace) => LeaveNothing(() =>
    {
        const int copies = 2;
        var process = new OneHotDiffusion(new DiffusionOptions(), new ObjectiveOptions { Coefficient = true, LabelSmoothing = 0.1 });

        using var condition = _encoder.forward(_images);
        using var kept = _denoiser.DropCondition(condition, 0.1);
        var context = _denoiser.Prepare(kept);
        using var clean = _tokens.repeat_interleave(copies, 0);
        using var levels = process.DrawLevels(3, copies, 1, CPU);
        using GaussianSpace space = embeddedSpace ? new EmbeddedSpace(_denoiser.Embedding.Weight) : new OneHotSpace(_denoiser.Embedding.Weight);
        var corruption = process.Corrupt(space, clean, levels, new TorchNoise(CPU));
        using var noisy = corruption.State;
        using var noise = corruption.Noise;
        using var embedded = space.Embed(noisy, levels.State);
        using var hidden = _denoiser.Hidden(embedded, levels.Told, context);
        using var output = _denoiser.Project(hidden);
        using var loss = process.Loss(output, clean, corruption);
        loss.backward();

        foreach (var block in context)
        {
            block.Keys.Dispose();
            block.Values.Dispose();
        }
    });

    [Theory]
    [InlineData(ToOneKind.Argmax)]
    [InlineData(ToOneKind.Multinomial)]
    public void Sampling_leaves_no_tensors(ToOneKind toOne)
    {
        _encoder.eval();
        _denoiser.eval();
        LeaveNothing(() =>
        {
            using var condition = _encoder.forward(_images);
            using var space = new OneHotSpace(_denoiser.Embedding.Weight);
            using var bound = new ConditionedDenoiser(_denoiser, condition, space);
            using var generator = new Generator(1);
            using var consensus = new Decoding([DecodeKind.Consensus]);
            var process = new OneHotDiffusion(new DiffusionOptions()).Reverse(new SamplingOptions { Steps = 4, ToOne = toOne, Guidance = 2 });
            foreach (var step in process.Run(bound, new TorchNoise(CPU, generator)))
            {
                step.Probabilities().Dispose();
                consensus.Add(step);
            }
            consensus.Probabilities(DecodeKind.Consensus).Dispose();
        });
    }
}
