using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The network's scores of K entries for each token, kept as what they are computed from: the hidden state before the linear output layer.
/// They are projected a chunk of entries at a time, so the (B, N, K) scores exist as a whole only where someone asks for them.
/// </summary>
/// <param name="hidden">Shape (B, N, d); this object owns it.</param>
/// <param name="weight">The output layer's matrix, shape (K, d), or null where the hidden state holds the scores themselves (d = K).</param>
/// <param name="bias">The output layer's bias, shape (K), or null.</param>
public sealed class Logits(Tensor hidden, Tensor? weight, Tensor? bias) : IDisposable
{
    private const long ChunkLength = 4096; // 200 tokens' scores of one chunk stay in the cache

    /// <summary>The hidden state, shape (B, N, d).</summary>
    internal Tensor Hidden => hidden;

    /// <summary>The output layer's matrix, shape (K, d).</summary>
    internal Tensor? Weight => weight;

    /// <summary>The output layer's bias, shape (K).</summary>
    internal Tensor? Bias => bias;

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

    /// <summary>The first entry of a chunk.</summary>
    public static long ChunkStart(int chunk) => chunk * ChunkLength;

    /// <summary>The scores of some tokens alone, so that the others are not projected: shape (1, picked tokens, K).</summary>
    /// <param name="picked">Which, shape (B, N), bool.</param>
    public Logits At(Tensor picked)
    {
        using var scope = NewDisposeScope();
        return new(hidden[picked].unsqueeze(0).MoveToOuterDisposeScope(), weight, bias);
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
        var scores = weight is null
            ? hidden.index_select(-1, entries)
            : nn.functional.linear(hidden, weight.index_select(0, entries), bias?.index_select(0, entries));
        return (scores.to(float32) - LogNormalizer().unsqueeze(-1)).exp().MoveToOuterDisposeScope();
    }

    /// <summary>The probability of one entry of each token.</summary>
    /// <param name="tokens">The entries, shape (B, N), int64.</param>
    /// <returns>Shape (B, N), float32.</returns>
    public Tensor ProbabilityOf(Tensor tokens)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var scores = weight is null
            ? hidden.gather(-1, tokens.unsqueeze(-1)).squeeze(-1)
            : (hidden * weight.index_select(0, tokens.flatten()).view(hidden.shape)).sum(-1);
        if (bias is not null)
            scores = scores.Plus(bias.index_select(0, tokens.flatten()).view(tokens.shape));
        return (scores.to(float32) - LogNormalizer()).exp().MoveToOuterDisposeScope();
    }

    /// <summary>Each token's most probable entries, best first.</summary>
    /// <param name="count">How many; at most K.</param>
    public Candidates Top(int count)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (scores, entries) = (new List<Tensor>(), new List<Tensor>());
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            using var chunkScope = NewDisposeScope();
            var values = Chunk(chunk);
            var (best, indices) = values.topk((int)Math.Min(count, values.shape[^1]));
            scores.Add(best.MoveToOuterDisposeScope());
            entries.Add(indices.Plus(ChunkStart(chunk)).MoveToOuterDisposeScope());
        }
        var (top, positions) = cat(scores, -1).topk(count);
        var probabilities = (top - LogNormalizer().unsqueeze(-1)).exp();
        return new(cat(entries, -1).gather(-1, positions).MoveToOuterDisposeScope(), probabilities.MoveToOuterDisposeScope());
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
            parts.Add(Chunk(chunk).logsumexp(-1).MoveToOuterDisposeScope());
        }
        return stack(parts).logsumexp(0).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the hidden state out of every dispose scope; its owner disposes of this object.</summary>
    public Logits DetachFromDisposeScope()
    {
        hidden.DetachFromDisposeScope();
        return this;
    }

    /// <inheritdoc/>
    public void Dispose() => hidden.Dispose();

    private Tensor Project(long start, long length)
    {
        using var scope = NewDisposeScope();
        var scores = weight is null
            ? hidden.narrow(-1, start, length)
            : nn.functional.linear(hidden, weight.narrow(0, start, length), bias?.narrow(0, start, length));
        return scores.to(float32).alias().MoveToOuterDisposeScope();
    }
}
