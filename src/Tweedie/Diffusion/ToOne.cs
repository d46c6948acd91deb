using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The two to-one rules of the paper (A.2), both in one pass over chunks of the vocabulary.</summary>
public static class ToOne
{
    /// <summary>argmax, then one-hot: the paper's default.</summary>
    public static IToOne Argmax { get; } = new ArgmaxRule();

    /// <summary>A draw from softmax(logits), then one-hot.</summary>
    public static IToOne Multinomial { get; } = new MultinomialRule();

    /// <summary>The rule of that name.</summary>
    public static IToOne Create(ToOneKind kind) => kind == ToOneKind.Argmax ? Argmax : Multinomial;

    private sealed class ArgmaxRule : IToOne
    {
        public bool IsRandom => false;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            using var scope = NewDisposeScope();
            var (best, tokens) = Highest(logits.Chunk(0));
            for (var chunk = 1; chunk < logits.Chunks; chunk++)
            {
                using var chunkScope = NewDisposeScope();
                var (value, index) = Highest(logits.Chunk(chunk));
                var better = value > best;
                best = where(better, value, best).MoveToOuterDisposeScope();
                tokens = where(better, index.Plus(Logits.ChunkStart(chunk)), tokens).MoveToOuterDisposeScope();
            }
            return tokens.MoveToOuterDisposeScope();
        }

        // The highest of (B, N, C) scores and its place. On a CPU, a search for places looks at one entry at a time, and a search for maxima at a vector of
        // them. So the highest block is found first, then the place in it.
        private static (Tensor Values, Tensor Places) Highest(Tensor scores)
        {
            const long BlockLength = 64;
            if (scores.shape[2] % BlockLength != 0)
                return scores.max(-1);
            var blocks = scores.unflatten(2, [-1, BlockLength]);
            var best = blocks.amax([-1L]).argmax(-1, keepdim: true);
            var (values, places) = blocks.gather(2, best.unsqueeze(3).expand(-1, -1, -1, BlockLength)).squeeze(2).max(-1);
            return (values, places.Plus(best.squeeze(2).Times(BlockLength)));
        }
    }

    // Draws one entry of each chunk by inverting its distribution function. The entry replaces the choice so far with the chunk's share of the probability so
    // far, so the final choice is a draw from the softmax. This takes one exponential per entry, where Gumbel-max needs two logarithms.
    private sealed class MultinomialRule : IToOne
    {
        public bool IsRandom => true;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            using var scope = NewDisposeScope();
            // For each token, two numbers per chunk: one to draw an entry with, and one to decide whether it replaces the choice so far.
            var uniforms = Uniforms(logits, noise, picked);
            Tensor Uniform(int number) => uniforms.narrow(-1, number, 1);
            var (tokens, logMass) = Draw(logits, 0, Uniform(0));
            for (var chunk = 1; chunk < logits.Chunks; chunk++)
            {
                using var chunkScope = NewDisposeScope();
                var (drawn, chunkMass) = Draw(logits, chunk, Uniform(2 * chunk - 1));
                var total = logaddexp(logMass, chunkMass);
                var replace = Uniform(2 * chunk).squeeze(-1) < (chunkMass - total).exp();
                tokens = where(replace, drawn, tokens).MoveToOuterDisposeScope();
                logMass = total.MoveToOuterDisposeScope();
            }
            return tokens.MoveToOuterDisposeScope();
        }

        // An entry of the chunk, and the logarithm of the chunk's unnormalised probability.
        private static (Tensor Tokens, Tensor LogMass) Draw(Logits logits, int chunk, Tensor uniform)
        {
            using var scope = NewDisposeScope();
            var scores = logits.Chunk(chunk);
            var highest = scores.amax([-1], keepdim: true);
            var cumulative = (scores - highest).exp_().cumsum(-1);
            var mass = cumulative.narrow(-1, -1, 1);
            using Scalar last = scores.shape[^1] - 1;
            var index = searchsorted(cumulative, uniform * mass, right: true).clamp_(max: last);
            return (index.Plus(Logits.ChunkStart(chunk)).squeeze(-1).MoveToOuterDisposeScope(),
                mass.log().Plus(highest).squeeze(-1).MoveToOuterDisposeScope());
        }

        private static Tensor Uniforms(Logits logits, INoiseSource noise, Tensor? picked)
        {
            var (shape, numbers) = (logits.Hidden.shape, 2 * logits.Chunks - 1);
            var uniforms = picked is null ? noise.Uniform(NoisePurpose.ToOne, shape[0], shape[1], numbers) : noise.Uniform(NoisePurpose.ToOne, picked, numbers);
            return uniforms.to(float32);
        }
    }
}
