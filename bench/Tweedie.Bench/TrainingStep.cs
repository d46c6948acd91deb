using Tweedie.Diffusion;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// Computes loss and gradients of a caption head on encoded images, as the paper writes it (features repeated R times, noise of K dimensions, all
/// logits) and by the library. The optimiser and the encoder are not included.
/// </summary>
internal static class TrainingStep
{
    private const int Images = 16;
    private const int Copies = 4;
    private static readonly TrainingOptions Training = new() { Reuse = Copies, ConditionDropout = 0.1, Coefficient = false };
    private static readonly NoiseSchedule Schedule = NoiseSchedule.Cosine(1000);

    public static void Run()
    {
        var sizes = new Sizes();
        using var scope = NewDisposeScope();
        using var paper = new PaperDenoiser(sizes);
        using var ours = sizes.Create();
        foreach (var parameter in paper.parameters().Concat(ours.parameters()))
            parameter.grad = zeros_like(parameter); // as in training, where gradients exist from the second step on
        var loss = new DiffusionLoss(new OneHotDiffusion(new DiffusionOptions(), Training.Objective), Training.Reuse, Training.ConditionDropout);
        var condition = randn(Images, sizes.ConditionTokens, Sizes.ConditionWidth);
        var tokens = randint(0, sizes.Classes, [Images, sizes.Tokens], int64);

        (string Name, Action Work)[] ways =
        [
            ("as the paper writes it, f32", () => Paper(paper, condition, tokens, sizes).backward()),
            ("as the paper writes it, bf16", () => Backward(() => Paper(paper, condition, tokens, sizes))),
            ("Tweedie, f32", () => loss.Compute(ours, condition, tokens).backward()),
            ("Tweedie, bf16", () => Backward(() => loss.Compute(ours, condition, tokens))),
        ];
        ways = [.. ways.Select(way => (way.Name, (Action)(() => { using var step = NewDisposeScope(); way.Work(); })))];
        foreach (var (name, work) in ways)
        {
            Console.WriteLine(FormattableString.Invariant($"  {name,-36} {PeakMemory.Of(work),8:F0} MiB beyond weights and their gradients"));
        }
        Contest.RunWarm($"Training step, {Images} images × R = {Copies}; {sizes}", rounds: 1, ways);
    }

    private static void Backward(Func<Tensor> compute)
    {
        Tensor loss;
        using (Autocast.Enter(CPU, ScalarType.BFloat16))
            loss = compute();
        loss.backward();
    }

    private static Tensor Paper(PaperDenoiser network, Tensor condition, Tensor tokens, Sizes sizes)
    {
        var dropped = rand([Images, 1, 1]).IsBelow(Training.ConditionDropout);
        var repeated = where(dropped, network.NullCondition(condition), condition).repeat_interleave(Copies, 0);
        var clean = tokens.repeat_interleave(Copies, 0);
        var timesteps = randint(0, Schedule.Timesteps, [Images * Copies], int64);
        var signal = tensor(Schedule.AlphaBar.ToArray()).index_select(0, timesteps);
        var oneHot = ForwardProcess.OneHot(clean, sizes.Classes);
        var noisy = ForwardProcess.Corrupt(oneHot, randn_like(oneHot), signal.unsqueeze(1));
        var logits = network.Logits(noisy, timesteps, repeated).to(float32);
        return nn.functional.cross_entropy(logits.flatten(0, 1), clean.flatten(), label_smoothing: Training.LabelSmoothing).Times(sizes.Tokens);
    }
}
