using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Autoregressive;

/// <summary>
/// A made-up language of K tokens and N places: the distribution of a token is a function of the item and of the tokens before it, drawn anew for each seed. It
/// stands for a causal network, and records its calls.
/// </summary>
internal sealed class Language(int seed, int classes, int tokens, params int[] items) : ICausalDenoiser
{
    public List<double> Guidances { get; } = [];

    public ITokenSpace Space { get; } = new PrefixSpace(zeros(1, classes));

    public long Items => items.Length;

    public long Tokens => tokens;

    public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null) => throw new NotSupportedException();

    public ICausalPass Begin(int rows = 1) => new Pass(this, rows);

    /// <summary>log p of the next token, for each of K.</summary>
    public double[] LogProbabilities(int item, IEnumerable<long> before)
    {
        var random = new SampleRandom(Seeds.Derive(seed, SeedPurpose.Sample, [item, .. before]));
        var scores = Enumerable.Range(0, classes).Select(_ => 3 * random.NextDouble()).ToArray();
        var normalizer = Math.Log(scores.Sum(Math.Exp));
        return [.. scores.Select(score => score - normalizer)];
    }

    /// <summary>All sentences of an item with their log-probabilities: they end with the end token, or have N tokens.</summary>
    public IEnumerable<(long[] Tokens, double LogProbability)> Sentences(int item, long end, long[]? before = null, double logProbability = 0)
    {
        before ??= [];
        if (before.Length == tokens || (before.Length > 0 && before[^1] == end))
            return [(before, logProbability)];
        var next = LogProbabilities(item, before);
        return Enumerable.Range(0, classes).SelectMany(token => Sentences(item, end, [.. before, token], logProbability + next[token]));
    }

    private sealed class Pass(Language language, int each) : ICausalPass
    {
        private long[][] _seen = [];

        public long Rows => language.Items * each;

        public Logits Next(Tensor tokens, int position, double guidance)
        {
            language.Guidances.Add(guidance);
            var rows = tokens.Longs().Chunk((int)tokens.shape[1]).Select(row => row[..position]).ToArray();
            if (position > 0)
                rows.Select(row => row[..^1]).Should().BeEquivalentTo(_seen, options => options.WithStrictOrdering(), "a pass remembers earlier tokens");
            _seen = rows;
            return Logits.Of(tensor([.. rows.SelectMany((row, i) => language.LogProbabilities(language.ItemOf(i / each), row))], [Rows, 1, language.Classes]).to(float32));
        }

        public void Reorder(Tensor rows) => _seen = [.. rows.Longs().Select(row => _seen[row])];

        public void Dispose() { }
    }

    private long Classes => classes;

    private int ItemOf(long row) => items[row];
}
