using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The two to-one rules of the paper (A.2), both in one pass over chunks of the vocabulary, and draws from a sharpened softmax.</summary>
public static class ToOne
{
    /// <summary>argmax, then one-hot: the paper's default.</summary>
    public static IToOne Argmax { get; } = new ArgmaxRule();

    /// <summary>A draw from softmax(logits), then one-hot.</summary>
    public static IToOne Multinomial { get; } = new MultinomialRule(new Sharpening());

    /// <summary>A draw from softmax(logits/T) among the smallest set of entries whose mass reaches p, then one-hot.</summary>
    /// <param name="temperature">T, above 0; 1 draws from the softmax itself.</param>
    /// <param name="topP">p, above 0 and at most 1. Below 1, all scores of a token exist at once, a block of tokens at a time.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static IToOne Draw(double temperature = 1, double topP = 1)
    {
        if (!double.IsFinite(temperature) || temperature <= 0)
            throw new ArgumentOutOfRangeException(nameof(temperature), temperature, "A temperature is finite and above 0.");
        if (topP is not (> 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(topP), topP, "A mass is above 0 and at most 1.");
        return (temperature, topP) == (1, 1) ? Multinomial : topP == 1 ? new MultinomialRule(new(temperature)) : new NucleusRule(new(temperature, topP));
    }

    /// <summary>The rule of that name.</summary>
    public static IToOne Create(ToOneKind kind) => kind == ToOneKind.Argmax ? Argmax : Multinomial;

    /// <summary>The rule that sampling options describe, with their temperature and top-p.</summary>
    /// <exception cref="TweedieException">The options have a temperature or a top-p, but argmax draws nothing.</exception>
    public static IToOne Create(SamplingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ToOne == ToOneKind.Multinomial)
            return Draw(options.Temperature ?? 1, options.TopP ?? 1);
        SamplingRules.CheckSharpening(options);
        return Argmax;
    }

    // The numbers of a draw: shape (B, N, numbers), or (1, picked tokens, numbers).
    private static Tensor Uniforms(Logits logits, INoiseSource noise, Tensor? picked, long numbers) => picked is null
        ? noise.Uniform(NoisePurpose.ToOne, logits.Hidden.shape[0], logits.Hidden.shape[1], numbers) : noise.Uniform(NoisePurpose.ToOne, picked, numbers);

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

        // In one pass over the chunks: the share of the highest entry is 1/Σ exp(score − highest).
        public (Tensor Tokens, Tensor Probabilities) ChooseWithProbabilities(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            var (best, tokens, sum) = Summed(logits.OwnChunk(0));
            for (var chunk = 1; chunk < logits.Chunks; chunk++)
            {
                using var chunkScope = NewDisposeScope();
                var (value, index, part) = Summed(logits.OwnChunk(chunk));
                var (highest, better) = (maximum(value, best), value > best);
                sum = (sum * (best - highest).exp()).Plus(part * (value - highest).exp()).MoveToOuterDisposeScope();
                tokens = where(better, index.Plus(Logits.ChunkStart(chunk)), tokens).MoveToOuterDisposeScope();
                best = highest.MoveToOuterDisposeScope();
            }
            return (tokens.MoveToOuterDisposeScope(), sum.reciprocal().MoveToOuterDisposeScope());
        }

        private static (Tensor Values, Tensor Places, Tensor Sums) Summed(Tensor scores)
        {
            var (values, places) = Highest(scores);
            return (values, places, Logits.Exponentials(scores.sub_(values.unsqueeze(-1))).sum(-1));
        }

        // The highest of (B, N, C) scores and its place. On a CPU, a search for places looks at one entry at a time, and a search for maxima at a vector of
        // them. So the highest block is found first, then the place in it. What is left over after whole blocks is looked at by itself.
        private static (Tensor Values, Tensor Places) Highest(Tensor scores)
        {
            const long BlockLength = 64;
            var inBlocks = scores.shape[2] / BlockLength * BlockLength;
            if (inBlocks == 0)
                return scores.max(-1);
            var blocks = scores.narrow(2, 0, inBlocks).unflatten(2, [-1, BlockLength]);
            var best = blocks.amax([-1L]).argmax(-1, keepdim: true);
            var (values, places) = blocks.gather(2, best.unsqueeze(3).expand(-1, -1, -1, BlockLength)).squeeze(2).max(-1);
            places = places.Plus(best.squeeze(2).Times(BlockLength));
            if (inBlocks == scores.shape[2])
                return (values, places);
            var (rest, restPlaces) = scores.narrow(2, inBlocks, scores.shape[2] - inBlocks).max(-1);
            var better = rest > values;
            return (where(better, rest, values), where(better, restPlaces.Plus(inBlocks), places));
        }
    }

    // Draws one entry of each chunk by inverting its distribution function. The entry replaces the choice so far with the chunk's share of the probability so
    // far, so the final choice is a draw from the softmax. This takes one exponential per entry, where Gumbel-max needs two logarithms.
    private sealed class MultinomialRule(Sharpening sharpening) : IToOne
    {
        public bool IsRandom => true;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            using var scope = NewDisposeScope();
            // For each token, two numbers per chunk: one to draw an entry with, and one to decide whether it replaces the choice so far.
            var uniforms = Uniforms(logits, noise, picked, 2 * logits.Chunks - 1).to(float32);
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
        private (Tensor Tokens, Tensor LogMass) Draw(Logits logits, int chunk, Tensor uniform)
        {
            using var scope = NewDisposeScope();
            var scores = sharpening.Cool(logits.Chunk(chunk));
            var highest = scores.amax([-1], keepdim: true);
            var cumulative = (scores - highest).exp_().cumsum(-1);
            var mass = cumulative.narrow(-1, -1, 1);
            using Scalar last = scores.shape[^1] - 1;
            var index = searchsorted(cumulative, uniform * mass, right: true).clamp_(max: last);
            return (index.Plus(Logits.ChunkStart(chunk)).squeeze(-1).MoveToOuterDisposeScope(),
                mass.log().Plus(highest).squeeze(-1).MoveToOuterDisposeScope());
        }
    }

    // Draws by inverting the distribution function of the sharpened distribution.
    private sealed class NucleusRule(Sharpening sharpening) : IToOne
    {
        private const long BlockScores = 1 << 22; // 16 MiB of scores

        public bool IsRandom => true;

        public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
        {
            using var scope = NewDisposeScope();
            // 1 − u lies in (0, 1]. So the first entry at which the mass reaches 1 − u of all mass has mass of its own.
            var shares = Uniforms(logits, noise, picked, 1).flatten(0, 1).SubtractedFrom(1).to(float32);
            var (tokens, count) = (new List<Tensor>(), logits.Hidden.shape[0] * logits.Hidden.shape[1]);
            using Scalar last = logits.Classes - 1;
            var length = Math.Max(1, BlockScores / logits.Classes);
            for (var start = 0L; start < count; start += length)
            {
                using var blockScope = NewDisposeScope();
                var part = Math.Min(length, count - start);
                var cumulative = sharpening.Probabilities(logits.Range(start, part)).squeeze(0).cumsum(-1);
                tokens.Add(searchsorted(cumulative, shares.narrow(0, start, part) * cumulative.narrow(-1, -1, 1)).clamp_(max: last).MoveToOuterDisposeScope());
            }
            return cat(tokens).view(logits.Hidden.shape[0], logits.Hidden.shape[1]).MoveToOuterDisposeScope();
        }
    }
}
