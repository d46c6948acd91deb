using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <content>Trajectories that are run to their end and decoded.</content>
public sealed partial class TokenModel
{
    /// <summary>Runs trajectories to their end, and decodes them.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="sampling">How to sample; complete.</param>
    /// <param name="kinds">The decodings, all from the same trajectories.</param>
    /// <param name="probabilities">Whether the distributions are wanted too; without them there is one draw.</param>
    /// <param name="observe">Receives each step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>For each decoding, the predictions of B items.</returns>
    internal IReadOnlyDictionary<DecodeKind, TokenPrediction> Predict(Tensor condition, SamplingOptions sampling, IReadOnlyCollection<DecodeKind> kinds,
        bool probabilities = true, Action<DenoisingStep>? observe = null, CancellationToken cancellation = default) =>
        Predict(condition, Process.Reverse(sampling, _end, _padding), sampling.Draws, sampling.Seed, kinds, null, probabilities, sampling.Choose, observe, cancellation: cancellation);

    /// <summary>Runs trajectories of a reverse process to their end, and decodes them.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="reverse">The reverse process.</param>
    /// <param name="draws">Independent trajectories of each item.</param>
    /// <param name="seed">Seed of noise and draws.</param>
    /// <param name="kinds">The decodings, all from the same trajectories.</param>
    /// <param name="items">What tells the items apart; by default their place in the batch.</param>
    /// <param name="probabilities">Whether the distributions are wanted too; without them there is one draw, or one draw is chosen.</param>
    /// <param name="choose">How one of several draws becomes the prediction; with none, their distributions are averaged.</param>
    /// <param name="observe">Receives each step.</param>
    /// <param name="constraint">What is known of the rows, of one for all items or of each; null where nothing is.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>For each decoding, the predictions of B items.</returns>
    internal IReadOnlyDictionary<DecodeKind, TokenPrediction> Predict(Tensor condition, IReverseProcess reverse, int draws, long seed,
        IReadOnlyCollection<DecodeKind> kinds, IReadOnlyList<int>? items = null, bool probabilities = true, CandidateChoice choose = CandidateChoice.None,
        Action<DenoisingStep>? observe = null, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        CheckNotDisposed();
        CheckCondition(condition);
        constraint?.CheckFits(condition.shape[0], Network.Denoiser.Tokens);
        var statistics = kinds.ToDictionary(kind => kind, _ => new DrawStatistics());
        Dictionary<DecodeKind, Tensor>? chosen = null;
        var candidates = kinds.ToDictionary(kind => kind, _ => new List<Tensor>());
        foreach (var (together, first) in DrawBatches(condition.shape[0], draws))
        {
            using var decoding = new Decoding(kinds, probabilities);
            foreach (var step in Run(condition, reverse, SeedsOf(condition, seed, items, together, first), constraint, cancellation))
            {
                observe?.Invoke(step);
                decoding.Add(step);
            }
            if (draws == 1)
                chosen = kinds.ToDictionary(kind => kind, decoding.Tokens);
            else if (choose != CandidateChoice.None)
                foreach (var kind in kinds)
                    candidates[kind].Add(decoding.Tokens(kind));
            if (!probabilities)
                continue;
            foreach (var (kind, draw) in statistics)
            {
                using var distributions = decoding.Probabilities(kind);
                draw.Add(distributions, together);
            }
        }
        return statistics.ToDictionary(pair => pair.Key, pair =>
        {
            using var draw = pair.Value;
            var mean = probabilities ? draw.Mean() : null;
            return new TokenPrediction(chosen?[pair.Key] ?? (choose == CandidateChoice.None ? mean!.argmax(-1) : Choose(choose, candidates[pair.Key], condition, items)), mean, probabilities ? draw.Variance() : null);
        });
    }

    /// <summary>The predictions of a linear head, which has no steps: the same under every decoding.</summary>
    internal TokenPrediction PredictLinear(Tensor condition)
    {
        CheckNotDisposed();
        CheckCondition(condition);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var mean = nn.functional.softmax(Network.LinearLogits(condition.to(Device)).to(float32), -1).unsqueeze(1);
        return new(mean.argmax(-1).MoveToOuterDisposeScope(), mean.MoveToOuterDisposeScope(), zeros_like(mean).MoveToOuterDisposeScope());
    }

    /// <summary>One of several draws for each item, as options say that it is chosen: shape (B, N), int64.</summary>
    /// <param name="choose">How; not <see cref="CandidateChoice.None"/>.</param>
    /// <param name="rows">The draws, shape (B·draws, N), int64, those of an item side by side.</param>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    internal Tensor Choose(CandidateChoice choose, Tensor rows, Tensor condition) => Choose(choose, [rows.alias()], condition, items: null);

    // For each of some items, one of its draws, from batches of (items·draws, N), which are disposed of: (items, N).
    private Tensor Choose(CandidateChoice choose, IReadOnlyList<Tensor> batches, Tensor condition, IReadOnlyList<int>? items)
    {
        using var candidates = new CandidateRows(batches, condition.shape[0]);
        return choose switch
        {
            CandidateChoice.Overlap => candidates.MostAlike(_end),
            CandidateChoice.Judge => candidates.Best(rows => Judge!.Score(items ?? [.. Enumerable.Range(0, (int)condition.shape[0])], rows)),
            _ => candidates.Best(rows => [.. Likelihood(condition, rows).Items.Select(nats => -nats)]),
        };
    }

    // The largest number of draws per item, side by side, that divides the draws evenly and keeps the batch in bounds.
    private static IEnumerable<(int Draws, int First)> DrawBatches(long items, int draws)
    {
        const int MostItems = 1024;
        var together = Enumerable.Range(1, draws).Last(count => count == 1 || (draws % count == 0 && count * items <= MostItems));
        return Enumerable.Range(0, draws / together).Select(batch => (together, batch * together));
    }
}

/// <summary>Predicted tokens of B items, and their distributions over independent draws.</summary>
/// <param name="Tokens">The predicted tokens: with one draw its own tokens, with several the most probable entries of the mean; shape (B, N), int64.</param>
/// <param name="Mean">Mean distribution over the draws, shape (B, N, K), float32; null where it was not asked for.</param>
/// <param name="Variance">Variance between the draws, shape (B, N, K), float32; null where it was not asked for.</param>
internal sealed record TokenPrediction(Tensor Tokens, Tensor? Mean, Tensor? Variance) : IDisposable
{
    public void Dispose()
    {
        Tokens.Dispose();
        Mean?.Dispose();
        Variance?.Dispose();
    }
}
