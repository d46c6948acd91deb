using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Likelihood;

/// <summary>A known distribution of rows of N tokens: a Markov chain of K states, or independent tokens, which are a chain without memory.</summary>
internal sealed class MarkovChain
{
    private readonly double[] _first;
    private readonly double[][] _next;

    private MarkovChain(double[] first, double[][] next, int length) => (_first, _next, Length) = (first, next, length);

    public int Length { get; }

    public int Classes => _first.Length;

    /// <summary>Tokens that are drawn independently from one distribution.</summary>
    public static MarkovChain Independent(double[] prior, int length) => new(prior, [.. prior.Select(_ => prior)], length);

    /// <summary>A chain whose distributions are drawn from a seed, far from uniform.</summary>
    public static MarkovChain Random(int classes, int length, long seed)
    {
        var random = new SampleRandom(seed);
        return new(Row(), [.. Enumerable.Range(0, classes).Select(_ => Row())], length);

        double[] Row()
        {
            double[] weights = [.. Enumerable.Range(0, classes).Select(_ => Math.Exp(4 * random.NextDouble()))];
            return [.. weights.Select(weight => weight / weights.Sum())];
        }
    }

    /// <summary>Rows of the chain, shape (B, N), int64.</summary>
    public Tensor Draw(int items, long seed)
    {
        var random = new SampleRandom(seed);
        var rows = new List<long>();
        for (var item = 0; item < items; item++)
            for (var place = 0; place < Length; place++)
                rows.Add(Pick(place == 0 ? _first : _next[rows[^1]], random.NextDouble()));
        return tensor(rows.ToArray(), [items, Length]);
    }

    /// <summary>−log p of rows.</summary>
    public double[] Nats(Tensor rows) => [.. rows.Longs().Chunk(Length).Select(row =>
        -Math.Log(_first[row[0]]) - Enumerable.Range(1, Length - 1).Sum(place => Math.Log(_next[row[place - 1]][row[place]])))];

    /// <summary>H of the rows, and ‖E[v]‖² summed over the places for vectors v of each entry, shape (K, width).</summary>
    public (double Entropy, double SquaredMean) Exact(Tensor vectors)
    {
        var (entropy, squared, marginal) = (Entropy(_first), 0.0, _first);
        for (var place = 0; place < Length; place++)
        {
            squared += Math.Pow(matmul(tensor(marginal), vectors.to(float64)).norm().item<double>(), 2);
            if (place == Length - 1)
                break;
            entropy += marginal.Select((share, state) => share * Entropy(_next[state])).Sum();
            marginal = [.. Enumerable.Range(0, Classes).Select(to => marginal.Select((share, from) => share * _next[from][to]).Sum())];
        }
        return (entropy, squared);
    }

    /// <summary>log p of each token given what is known of every token, log-likelihoods (B, N, K): shape (B, N, K), by the forward and the backward pass.</summary>
    public Tensor Posterior(Tensor evidence)
    {
        using var scope = NewDisposeScope();
        var known = evidence.to(float64).unbind(1);
        var next = tensor([.. _next.SelectMany(row => row)], [Classes, Classes]).log();
        Tensor[] forward = [tensor(_first).log().Plus(known[0])], backward = [zeros_like(known[0])];
        for (var place = 1; place < Length; place++)
        {
            forward = [.. forward, forward[^1].unsqueeze(-1).Plus(next).logsumexp(1).Plus(known[place])];
            backward = [backward[0].Plus(known[Length - place]).unsqueeze(1).Plus(next).logsumexp(2), .. backward];
        }
        return stack(forward, 1).Plus(stack(backward, 1)).log_softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>log p of each token given those before it: shape (B, N, K).</summary>
    public Tensor Next(Tensor rows)
    {
        using var scope = NewDisposeScope();
        var before = tensor([.. _next.SelectMany(row => row)], [Classes, Classes]).log().index_select(0, rows.narrow(1, 0, Length - 1).flatten());
        return cat([tensor(_first).log().expand(rows.shape[0], 1, -1), before.view(rows.shape[0], Length - 1, Classes)], 1).MoveToOuterDisposeScope();
    }

    private static long Pick(double[] shares, double uniform)
    {
        var below = 0.0;
        return Math.Max(0, Array.FindIndex(shares, share => (below += share) > uniform));
    }

    private static double Entropy(double[] shares) => -shares.Sum(share => share * Math.Log(share));
}
