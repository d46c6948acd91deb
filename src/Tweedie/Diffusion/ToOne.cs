using TorchSharp;
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

        public Tensor Choose(Logits logits, Generator generator)
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

        // The highest of (B, N, C) scores and its place. A search for places takes an entry at a time on a CPU, one for maxima a vector: find
        // the highest block first, then the place in it.
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

    // Draws one entry of each chunk by inverting its distribution function, and lets it replace the choice so far with the chunk's share of
    // the probability so far: the last one standing has the softmax's law. One exponential an entry, where Gumbel-max needs two logarithms.
    private sealed class MultinomialRule : IToOne
    {
        public bool IsRandom => true;

        public Tensor Choose(Logits logits, Generator generator)
        {
            using var scope = NewDisposeScope();
            var (tokens, logMass) = Draw(logits, 0, generator);
            for (var chunk = 1; chunk < logits.Chunks; chunk++)
            {
                using var chunkScope = NewDisposeScope();
                var (drawn, chunkMass) = Draw(logits, chunk, generator);
                var total = logaddexp(logMass, chunkMass);
                var replace = Uniform(total, generator) < (chunkMass - total).exp();
                tokens = where(replace, drawn, tokens).MoveToOuterDisposeScope();
                logMass = total.MoveToOuterDisposeScope();
            }
            return tokens.MoveToOuterDisposeScope();
        }

        // An entry of the chunk, and the logarithm of the chunk's unnormalised probability.
        private static (Tensor Tokens, Tensor LogMass) Draw(Logits logits, int chunk, Generator generator)
        {
            using var scope = NewDisposeScope();
            var scores = logits.Chunk(chunk);
            var highest = scores.amax([-1], keepdim: true);
            var cumulative = (scores - highest).exp_().cumsum(-1);
            var mass = cumulative.narrow(-1, -1, 1);
            using Scalar last = scores.shape[^1] - 1;
            var index = searchsorted(cumulative, Uniform(mass, generator) * mass, right: true).clamp_(max: last);
            return (index.Plus(Logits.ChunkStart(chunk)).squeeze(-1).MoveToOuterDisposeScope(),
                mass.log().Plus(highest).squeeze(-1).MoveToOuterDisposeScope());
        }

        private static Tensor Uniform(Tensor like, Generator generator) => rand(like.shape, float32, like.device, generator: generator);
    }
}
