using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Bench;

/// <summary>
/// Samples captions with guidance by the paper's loop as it is written (noise of K dimensions, joint attention with the condition tokens at every
/// step, logits of both branches) and by the library's, both with weights in single precision and in bfloat16.
/// </summary>
internal static class CaptionSampling
{
    private const int Items = 8;
    private const int TimedSteps = 4;
    private const int PeerSteps = 1; // a step may take long
    private const int Steps = 50;
    private const double Scale = 2;
    private static readonly OneHotDiffusion Process = new(new DiffusionOptions());
    private static readonly NoiseSchedule Schedule = Process.Schedule;

    public static void Run()
    {
        var sizes = new Sizes();
        using var condition = randn(Items, sizes.ConditionTokens, Sizes.ConditionWidth);
        using var paper = new PaperDenoiser(sizes);
        using var paperHalf = new PaperDenoiser(sizes);
        using var ours = sizes.Create();
        using var oursHalf = sizes.Create();
        paperHalf.to(ScalarType.BFloat16);
        oursHalf.to(ScalarType.BFloat16);
        using var space = Space(ours);
        using var spaceHalf = Space(oursHalf);
        using var bound = new ConditionedDenoiser(ours, condition, space);
        using var boundHalf = new ConditionedDenoiser(oursHalf, condition, spaceHalf);
        var products = new MatrixProducts(sizes, Items, ScalarType.BFloat16);

        (string Name, Action Work)[] ways =
        [
            ("as the paper writes it, f32", () => Paper(paper, condition, sizes)),
            ("as the paper writes it, bf16", () => Paper(paperHalf, condition, sizes)),
            ("Tweedie, f32", () => Ours(bound)),
            ("Tweedie, bf16", () => Ours(boundHalf)),
            ("its bare matrix products, bf16", () => products.Multiply(TimedSteps)),
            ("binding, once per batch, bf16", () => Bind(oursHalf, condition)),
        ];
        var times = Contest.Run($"{TimedSteps} sampling steps of {Items} captions, guidance {Scale}; {sizes}", rounds: 3, ways);

        var whole = times[5] + Steps * times[3] / TimedSteps;
        Console.WriteLine(FormattableString.Invariant(
            $"  {Steps} steps with binding, bf16: {whole / 1000:F2} s; the paper's loop takes {Steps * times[0] / TimedSteps / whole:F1} (f32), {Steps * times[1] / TimedSteps / whole:F1} (bf16) times as long"));
        Console.WriteLine(FormattableString.Invariant($"  time of a step over that of its bare matrix products: {times[3] / times[4]:F2}"));
        var peer = PythonPeer.Run("torch_captions.py", [.. new[] { PeerSteps, Items, sizes.Classes, sizes.Width, sizes.Depth, sizes.Heads, sizes.Tokens,
            sizes.ConditionTokens, Sizes.ConditionWidth }.Select(size => $"{size}")]);
        Console.WriteLine(FormattableString.Invariant($"  the paper's loop in plain PyTorch, f32: {peer / PeerSteps:F0} ms per step, {peer * TimedSteps / PeerSteps / times[0]:F1} times as long as the first"));
        foreach (var (name, work) in ways[..4])
            Console.WriteLine(FormattableString.Invariant($"  {name,-36} {PeakMemory.Of(work),8:F0} MiB beyond the weights and the bound condition"));
    }

    private static void Ours(ConditionedDenoiser denoiser)
    {
        using var generator = new Generator(1);
        var reverse = new ReverseProcess(Process, SamplingPlan.Uniform(Schedule, TimedSteps), new Renoise(), ToOne.Argmax, new Guidance(Scale));
        foreach (var _ in reverse.Run(denoiser, new TorchNoise(CPU, generator))) { }
    }

    // With the factor of WWᵀ, which a captioner keeps between calls.
    private static void Bind(Denoiser network, Tensor condition)
    {
        using var space = Space(network);
        new ConditionedDenoiser(network, condition, space).Dispose();
    }

    private static ITokenSpace Space(Denoiser network)
    {
        using var noGrad = no_grad();
        return Process.CreateSpace(network.Embedding.Weight);
    }

    private static void Paper(PaperDenoiser network, Tensor condition, Sizes sizes)
    {
        using var noGrad = no_grad();
        using var generator = new Generator(1);
        using var outer = NewDisposeScope();
        var none = network.NullCondition(condition);
        var state = randn([Items, sizes.Tokens, sizes.Classes], float32, generator: generator);
        var plan = SamplingPlan.Uniform(Schedule, TimedSteps);
        for (var index = 0; index < plan.Count; index++)
        {
            using var scope = NewDisposeScope();
            var timesteps = Filled([1], plan[index].Timestep, int64, CPU);
            var unconditional = network.Logits(state, timesteps, none);
            var logits = unconditional.Plus((network.Logits(state, timesteps, condition) - unconditional).Times(Scale));
            var clean = nn.functional.one_hot(logits.argmax(-1), sizes.Classes).to(float32);
            if (index + 1 == plan.Count)
                continue;
            state.Dispose();
            var alphaBar = plan[index + 1].AlphaBar;
            state = clean.Times(Math.Sqrt(alphaBar)).Plus(randn(clean.shape, float32, generator: generator).Times(Math.Sqrt(1 - alphaBar)))
                .MoveToOuterDisposeScope();
        }
    }
}
