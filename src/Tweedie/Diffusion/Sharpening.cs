using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// How the distribution of a token is sharpened before an entry is drawn from it: softmax(scores/T), then the smallest set of entries whose mass reaches p
/// (nucleus sampling, Holtzman et al. 2020). Of equal entries at the edge of the set, some may stay and some may go.
/// </summary>
/// <param name="Temperature">T, above 0; 1 changes nothing.</param>
/// <param name="TopP">p, above 0 and at most 1; 1 keeps all entries.</param>
internal sealed record Sharpening(double Temperature = 1, double TopP = 1)
{
    // A set is seldom larger than this, and finding a few best entries takes a fraction of the time of sorting all of them.
    private const long FewEntries = 256;

    /// <summary>The sharpening that sampling options ask for.</summary>
    public static Sharpening Of(SamplingOptions options) => new(options.Temperature ?? 1, options.TopP ?? 1);

    /// <summary>Scores divided by T: the same tensor where T is 1, else a new one.</summary>
    public Tensor Cool(Tensor scores) => Temperature == 1 ? scores : scores.Over(Temperature);

    /// <summary>The sharpened distribution of each token, 0 outside the set: shape (B, N, K), float32. All scores exist at once.</summary>
    public Tensor Probabilities(Logits logits)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var probabilities = nn.functional.softmax(Cool(logits.All()), -1);
        if (TopP == 1)
            return probabilities.MoveToOuterDisposeScope();
        var cut = Cut(probabilities.flatten(0, 1), FewEntries).view(probabilities.shape);
        return (cut / cut.sum(-1, keepdim: true)).MoveToOuterDisposeScope();
    }

    // Rows (R, K) with 0 outside their sets. Where the best entries do not reach p, all entries of the row are sorted. Each row decides for itself, so that it
    // does not depend on the others.
    private Tensor Cut(Tensor rows, long most)
    {
        var count = Math.Min(most, rows.shape[1]);
        var (best, entries) = rows.topk((int)count, 1);
        var reached = best.to(float64).cumsum(1);
        var cut = zeros_like(rows).scatter(1, entries, best * (reached - best).IsBelow(TopP));
        if (count == rows.shape[1])
            return cut;
        var isWider = reached.select(1, -1).IsBelow(TopP);
        if (isWider.any().item<bool>())
            cut[isWider] = Cut(rows[isWider], rows.shape[1]);
        return cut;
    }
}
