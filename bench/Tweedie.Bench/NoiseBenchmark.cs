using Tweedie.Diffusion;
using Tweedie.Networks;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Bench;

/// <summary>
/// Times noise and embedding of one sampling step, for growing vocabularies: chosen tokens → W·y_t, in d dimensions and in K. It also times the
/// factoring of WWᵀ, which sampling needs once and training needs at every step.
/// </summary>
internal static class NoiseBenchmark
{
    private const int Items = 8;

    private static readonly int[] Vocabularies = [1_000, 10_000, 49_408];

    public static void Run()
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var generator = new Generator(1);
        var sizes = new Sizes();
        var embeddings = Vocabularies.Select(classes => new OneHotEmbedding(classes, sizes.Width)).ToList();
        (string, Action)[] Steps(Func<OneHotEmbedding, GaussianSpace> choose) =>
            [.. embeddings.Select((embedding, i) => ($"K = {Vocabularies[i]:N0}", Step(choose(embedding), Vocabularies[i])))];

        Action Step(GaussianSpace space, int classes)
        {
            var tokens = randint(0, classes, [Items, sizes.Tokens], int64);
            return () =>
            {
                using var stepScope = NewDisposeScope();
                var noise = space.Noise(Items, sizes.Tokens, new TorchNoise(CPU, generator));
                var alphaBar = Filled([Items, 1], 0.5, float64, CPU);
                _ = space.Embed(ForwardProcess.Corrupt(space.Clean(tokens), noise, alphaBar), alphaBar);
            };
        }

        var title = $"Noise and embedding of a step, {Items} × {sizes.Tokens} tokens, d = {sizes.Width}";
        Contest.Run($"{title}, embedded", rounds: 201, Steps(Embedded));
        Contest.Run($"{title}, in K dimensions", rounds: 11, Steps(OneHot));
        Crossover(sizes.Width);
        Contest.Run("Factoring WWᵀ, once", rounds: 5,
            [.. embeddings.Select((embedding, i) => ($"K = {Vocabularies[i]:N0}", (Action)(() => Embedded(embedding).Dispose())))]);
    }

    // Shows from which K on the embedded space is cheaper in training, where W changes at every step.
    private static void Crossover(int width)
    {
        foreach (var tokens in new[] { 64, 1536 })
            foreach (var ratio in new[] { 2, 4, 8 })
            {
                var embedding = new OneHotEmbedding(ratio * width, width);
                Action Step(Func<OneHotEmbedding, GaussianSpace> choose) => () =>
                {
                    using var grad = enable_grad();
                    using var scope = NewDisposeScope();
                    using var space = choose(embedding);
                    var alphaBar = Filled([tokens, 1], 0.5, float64, CPU);
                    var noisy = ForwardProcess.Corrupt(space.Clean(randint(0, ratio * width, [tokens, 1], int64)), space.Noise(tokens, 1, new TorchNoise(CPU)), alphaBar);
                    space.Embed(noisy, alphaBar).sum().backward();
                };
                Contest.Run($"Noise, embedding and their gradients, {tokens} tokens, K = {ratio}d", rounds: 11,
                    ("in K dimensions", Step(OneHot)), ("embedded", Step(Embedded)));
            }
    }

    private static EmbeddedSpace Embedded(OneHotEmbedding embedding) => new(embedding.Weight);

    private static OneHotSpace OneHot(OneHotEmbedding embedding) => new(embedding.Weight);
}
