using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Autoregressive sampling that follows several sentences of each item at a time and gives the best one it finds. The score of a sentence is the mean
/// log-probability of its n tokens, (1/n)·Σ log p, where the end token counts and the tokens behind it do not. In every step, sentences that have ended compete
/// with those that go on, and the best stay. It stops when all that stay have ended. A step shows the best sentence so far.
/// </summary>
/// <param name="beams">How many sentences are followed, at least 1.</param>
/// <param name="guidance">The guidance scale.</param>
/// <param name="end">The token that ends a sentence; null where sentences have no end.</param>
internal sealed class BeamSearch(int beams, Guidance guidance, long? end) : IReverseProcess
{
    /// <inheritdoc/>
    public IEnumerable<DenoisingStep> Run(IDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(noise);
        constraint?.CheckFits(denoiser.Items, denoiser.Tokens);
        return Steps(TokenByToken.Causal(denoiser), noise.Device, constraint, cancellation);
    }

    private IEnumerable<DenoisingStep> Steps(ICausalDenoiser denoiser, Device device, TokenConstraint? constraint, CancellationToken cancellation)
    {
        var count = (int)denoiser.Tokens;
        using var pass = denoiser.Begin(beams);
        using var rows = new PartialRows(pass.Rows, count, end, device, constraint);
        using var sums = new Sums(pass.Rows / beams, beams, device);
        for (var position = 0; position < count; position++)
        {
            cancellation.ThrowIfCancellationRequested();
            Decide(pass, rows, sums, position, guidance.ScaleAt(position, count));
            var isLast = position + 1 == count || sums.AreFinal(rows.HaveEnded);
            using var shown = rows.Show(position, isLast, beams);
            yield return shown.Step;

            if (isLast)
                yield break;
        }
    }

    private static void Decide(ICausalPass pass, PartialRows rows, Sums sums, int position, double scale)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var scores = rows.Keep(position, pass.Next(rows.Tokens, position, scale));
        var (from, chosen) = sums.Extend(scores, rows.HaveEnded, rows.Filler);
        if (!sums.AreRowsInPlace(from))
        {
            rows.Reorder(from);
            pass.Reorder(from);
        }
        rows.Decide(position, chosen);
    }

    /// <summary>The log-probabilities of the sentences, shape (B, beams) each, the best sentence of each item first.</summary>
    private sealed class Sums : IDisposable
    {
        private readonly int _beams;
        private readonly Tensor _places;
        private Tensor _sums;
        private Tensor _lengths;

        public Sums(long items, int beams, Device device)
        {
            _beams = beams;
            _places = Unscoped.Compute(() => TensorArithmetic.Counting(items * beams, int64, device));
            _lengths = Unscoped.Compute(() => zeros([items, beams], int64, device));
            // All rows of an item begin alike, so only the first one goes on from the beginning.
            using Scalar never = double.NegativeInfinity;
            _sums = Unscoped.Compute(() => zeros([items, beams], float64, device));
            using var others = _sums.narrow(1, 1, beams - 1);
            others.fill_(never);
        }

        /// <summary>Goes on by one token.</summary>
        /// <param name="scores">The scores of the next token, (B·beams, 1).</param>
        /// <param name="haveEnded">Which sentences have ended, shape (B·beams).</param>
        /// <param name="filler">The token behind the end.</param>
        /// <returns>For each of the best sentences, the row that it continues and its next token: shape (B·beams).</returns>
        public (Tensor From, Tensor Chosen) Extend(Logits scores, Tensor haveEnded, long filler)
        {
            var width = (int)Math.Min(_beams, scores.Classes);
            using Scalar fill = filler, never = double.NegativeInfinity, perRow = width;
            var (entries, logProbabilities) = scores.Best(width);
            var ended = haveEnded.view(_sums.shape).unsqueeze(2);

            // A sentence that has ended stays as it is: its first candidate adds nothing, and it has no others.
            var nothing = zeros([1, 1, width], float64, _sums.device);
            nothing.narrow(2, 1, width - 1).fill_(never);
            var candidates = entries.view([.. _sums.shape, width]).masked_fill(ended, fill);
            var sums = _sums.unsqueeze(2).Plus(where(ended, nothing, logProbabilities.view(candidates.shape).to(float64)));
            var lengths = _lengths.unsqueeze(2).Plus(ended.logical_not().to(int64));

            var (_, best) = (sums / lengths).flatten(1).topk(_beams, 1);
            var parents = best.div(perRow, RoundingMode.floor);
            Replace(ref _sums, sums.flatten(1).gather(1, best));
            Replace(ref _lengths, lengths.squeeze(2).gather(1, parents));
            return (_places.view(parents.shape).narrow(1, 0, 1).Plus(parents).flatten(), candidates.flatten(1).gather(1, best).flatten());
        }

        /// <summary>Whether every row continues itself.</summary>
        public bool AreRowsInPlace(Tensor from) => (from == _places).all().item<bool>();

        /// <summary>Whether no sentence goes on. A row that no sentence has come to, because there are too few of them, does not.</summary>
        public bool AreFinal(Tensor haveEnded)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            return haveEnded.view(_sums.shape).logical_or(_sums.isneginf()).all().item<bool>();
        }

        public void Dispose()
        {
            _places.Dispose();
            _sums.Dispose();
            _lengths.Dispose();
        }

        private static void Replace(ref Tensor old, Tensor value)
        {
            old.Dispose();
            old = value.DetachFromDisposeScope();
        }
    }
}
