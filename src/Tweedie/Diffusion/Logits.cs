using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The network's scores of K entries for each token, kept as what they are computed from: the hidden state before the linear output layer.
/// They are projected a chunk of entries at a time, so the (B, N, K) scores exist as a whole only where someone asks for them.
/// </summary>
/// <param name="hidden">Shape (B, N, d); this object owns it.</param>
/// <param name="weight">The output layer's matrix, shape (K, d), or null where the hidden state holds the scores themselves (d = K).</param>
/// <param name="bias">The output layer's bias, shape (K), or null.</param>
/// <param name="evidence">Scores without gradients that are added to these; this object owns them. Null for none.</param>
public sealed class Logits(Tensor hidden, Tensor? weight, Tensor? bias, Logits? evidence = null) : IDisposable
{
    private const long ChunkLength = 4096; // 200 tokens' scores of one chunk stay in the cache

    /// <summary>The hidden state, shape (B, N, d).</summary>
    internal Tensor Hidden => hidden;

    /// <summary>The output layer's matrix, shape (K, d).</summary>
    internal Tensor? Weight => weight;

    /// <summary>The output layer's bias, shape (K).</summary>
    internal Tensor? Bias => bias;

    /// <summary>Scores without gradients that are added to these.</summary>
    internal Logits? Evidence => evidence;

    /// <summary>K.</summary>
    public long Classes => weight?.shape[0] ?? hidden.shape[^1];

    /// <summary>The number of chunks in which the K entries are projected.</summary>
    public int Chunks => (int)((Classes + ChunkLength - 1) / ChunkLength);

    /// <summary>Scores that were computed already, shape (B, N, K).</summary>
    public static Logits Of(Tensor scores) => new(scores, null, null);

    /// <summary>All scores at once, with gradients where they are recorded: shape (B, N, K), float32.</summary>
    public Tensor All() => Project(0, Classes);

    /// <summary>The scores of the entries from <see cref="ChunkStart"/> on, without gradients: shape (B, N, entries of the chunk), float32.</summary>
    /// <param name="chunk">0-based number of the chunk.</param>
    public Tensor Chunk(int chunk)
    {
        using var noGrad = no_grad();
        return Project(ChunkStart(chunk), Math.Min(ChunkLength, Classes - ChunkStart(chunk)));
    }

    /// <summary>A chunk's scores in memory of their own, which may be changed.</summary>
    internal Tensor OwnChunk(int chunk)
    {
        var scores = Chunk(chunk);
        if (weight is not null || evidence is not null)
            return scores;
        using (scores)
            return scores.clone();
    }

    /// <summary>The first entry of a chunk.</summary>
    public static long ChunkStart(int chunk) => chunk * ChunkLength;

    /// <summary>The scores of some tokens alone, so that the others are not projected: shape (1, picked tokens, K).</summary>
    /// <param name="picked">Which, shape (B, N), bool.</param>
    public Logits At(Tensor picked)
    {
        using var scope = NewDisposeScope();
        return new(hidden[picked].unsqueeze(0).MoveToOuterDisposeScope(), weight, bias, evidence?.At(picked).MoveToOuterDisposeScope());
    }

    /// <summary>These scores with others added to them, which have no gradients. The result owns both.</summary>
    /// <param name="scores">Scores of the same tokens and entries.</param>
    public Logits Plus(Logits scores) => new(hidden, weight, bias, evidence is null ? scores : evidence.Plus(scores));

    /// <summary>Σ_k p_k·row_k, without gradients: shape (B, N, width), float32. Each entry is projected once.</summary>
    /// <param name="rows">A vector for each entry, shape (K, width).</param>
    public Tensor Mean(Tensor rows)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor? highest = null, sum = null, mean = null;
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var scores = OwnChunk(chunk);
            var top = scores.amax([-1], keepdim: true);
            if (highest is not null)
                top = maximum(highest, top);
            var shares = Exponentials(scores.sub_(top));
            var (partOfSum, partOfMean) = (shares.sum(-1, keepdim: true), matmul(shares, rows.narrow(0, ChunkStart(chunk), shares.shape[^1]).to(float32)));
            if (highest is not null)
            {
                var kept = (highest - top).exp();
                (partOfSum, partOfMean) = (partOfSum.Plus(sum! * kept), partOfMean.Plus(mean! * kept));
            }
            (highest, sum, mean) = (top.MoveToOuterDisposeScope(), partOfSum.MoveToOuterDisposeScope(), partOfMean.MoveToOuterDisposeScope());
        }
        return (mean! / sum!).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Replaces numbers, which are at most 0, by their exponentials. Those below 10⁻²⁰ become 10⁻²⁰: beside the 1 of the highest, no sum in single precision shows
    /// it. Numbers so small that single precision keeps fewer digits of them would make an exponential or a product a hundred times as slow.
    /// </summary>
    internal static Tensor Exponentials(Tensor differences)
    {
        using Scalar least = Math.Log(1e-20);
        return differences.clamp_(min: least).exp_();
    }

    /// <summary>The scores of a range of tokens, counted over all items, as a view: those of (1, length) tokens.</summary>
    internal Logits Range(long start, long length) => new(hidden.flatten(0, 1).narrow(0, start, length).unsqueeze(0), weight, bias, evidence?.Range(start, length));

    /// <summary>Adds these scores to others of the same tokens, in place and without gradients.</summary>
    /// <param name="scores">Scores of the entries from <paramref name="start"/> on: shape (B, N, entries), float32.</param>
    /// <param name="start">The first entry.</param>
    internal void AddTo(Tensor scores, long start = 0)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var length = scores.shape[^1];
        if (weight is null)
            scores.Increase(hidden.narrow(-1, start, length));
        else // a product that is added where it is computed needs no pass of its own
            scores.view(-1, length).addmm_(hidden.flatten(0, 1).to(float32), weight.narrow(0, start, length).t().to(float32), 1, 1);
        if (bias is not null)
            scores.Increase(bias.narrow(0, start, length));
        evidence?.AddTo(scores, start);
    }

    /// <summary>softmax of the scores, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    public Tensor Probabilities()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return nn.functional.softmax(All(), -1).MoveToOuterDisposeScope();
    }

    /// <summary>The probabilities of a few entries: shape (B, N, number of entries), float32.</summary>
    /// <param name="entries">The entries, shape (C), int64.</param>
    public Tensor Probabilities(Tensor entries)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (ScoresOf(entries) - LogNormalizer().unsqueeze(-1)).exp().MoveToOuterDisposeScope();
    }

    /// <summary>The probability of one entry of each token.</summary>
    /// <param name="tokens">The entries, shape (B, N), int64.</param>
    /// <returns>Shape (B, N), float32.</returns>
    public Tensor ProbabilityOf(Tensor tokens)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (ScoreOf(tokens) - LogNormalizer()).exp().MoveToOuterDisposeScope();
    }

    /// <summary>−log p of one entry of each token, in nats, at least 0. It stays finite where the probability itself would round to 0.</summary>
    /// <param name="tokens">The entries, shape (B, N), int64.</param>
    /// <returns>Shape (B, N), float64.</returns>
    internal Tensor NatsOf(Tensor tokens)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return (LogNormalizer() - ScoreOf(tokens)).to(float64).relu().MoveToOuterDisposeScope();
    }

    /// <summary>Each token's most probable entries, best first.</summary>
    /// <param name="count">How many; at most K.</param>
    public Candidates Top(int count)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (entries, logProbabilities) = Best(count);
        return new(entries.MoveToOuterDisposeScope(), logProbabilities.exp().MoveToOuterDisposeScope());
    }

    /// <summary>Each token's most probable entries, best first, and the logarithms of their probabilities: shape (B, N, count) each.</summary>
    /// <param name="count">How many; at most K.</param>
    internal (Tensor Entries, Tensor LogProbabilities) Best(int count)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (scores, entries, normalizers) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var values = Chunk(chunk);
            var (best, indices) = values.topk((int)Math.Min(count, values.shape[^1]));
            scores.Add(best.MoveToOuterDisposeScope());
            entries.Add(indices.Plus(ChunkStart(chunk)).MoveToOuterDisposeScope());
            normalizers.Add(values.logsumexp(-1).MoveToOuterDisposeScope());
        }
        var (top, positions) = cat(scores, -1).topk(count);
        var normalizer = stack(normalizers).logsumexp(0).unsqueeze(-1);
        return (cat(entries, -1).gather(-1, positions).MoveToOuterDisposeScope(), (top - normalizer).MoveToOuterDisposeScope());
    }

    /// <summary>log Σ_k exp(score_k), shape (B, N), float32.</summary>
    public Tensor LogNormalizer()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var scores = OwnChunk(chunk);
            var highest = scores.amax([-1], keepdim: true);
            parts.Add(Exponentials(scores.sub_(highest)).sum(-1).log().Plus(highest.squeeze(-1)).MoveToOuterDisposeScope());
        }
        return stack(parts).logsumexp(0).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the hidden state out of every dispose scope; its owner disposes of this object.</summary>
    public Logits DetachFromDisposeScope()
    {
        hidden.DetachFromDisposeScope();
        evidence?.DetachFromDisposeScope();
        return this;
    }

    /// <summary>Moves the hidden state to the outer dispose scope.</summary>
    internal Logits MoveToOuterDisposeScope()
    {
        hidden.MoveToOuterDisposeScope();
        evidence?.MoveToOuterDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        hidden.Dispose();
        evidence?.Dispose();
    }

    private Tensor Project(long start, long length)
    {
        using var scope = NewDisposeScope();
        var scores = (weight is null
            ? hidden.narrow(-1, start, length)
            : nn.functional.linear(hidden, weight.narrow(0, start, length), bias?.narrow(0, start, length))).to(float32);
        if (evidence is null)
            return scores.alias().MoveToOuterDisposeScope();
        scores = weight is null ? scores.clone().contiguous() : scores.alias();
        evidence.AddTo(scores, start);
        return scores.MoveToOuterDisposeScope();
    }

    private Tensor ScoresOf(Tensor entries)
    {
        var scores = (weight is null
            ? hidden.index_select(-1, entries)
            : nn.functional.linear(hidden, weight.index_select(0, entries), bias?.index_select(0, entries))).to(float32);
        return evidence is null ? scores : scores.Plus(evidence.ScoresOf(entries));
    }

    private Tensor ScoreOf(Tensor tokens)
    {
        var scores = weight is null
            ? hidden.gather(-1, tokens.unsqueeze(-1)).squeeze(-1)
            : (hidden * weight.index_select(0, tokens.flatten()).view(hidden.shape)).sum(-1);
        if (bias is not null)
            scores = scores.Plus(bias.index_select(0, tokens.flatten()).view(tokens.shape));
        scores = scores.to(float32);
        return evidence is null ? scores : scores.Plus(evidence.ScoreOf(tokens));
    }
}
