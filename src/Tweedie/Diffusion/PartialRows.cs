using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Rows whose tokens are decided one after the other, with the hidden states that they were decided from. Behind the end of a row, and in places that are not
/// decided yet, stands the end token. Its tensors belong to no dispose scope.
/// </summary>
/// <param name="rows">The number of rows.</param>
/// <param name="tokens">N.</param>
/// <param name="end">The token that ends a row; null where rows have no end.</param>
/// <param name="device">Where the tensors are.</param>
/// <param name="constraint">What is known of the rows; null where nothing is.</param>
internal sealed class PartialRows(long rows, int tokens, long? end, Device device, TokenConstraint? constraint = null) : IDisposable
{
    private Tensor? _hidden;
    private Tensor? _weight;
    private Tensor? _bias;

    /// <summary>The tokens, shape (rows, N), int64.</summary>
    public Tensor Tokens { get; private set; } = Unscoped.Compute(() => TensorArithmetic.Filled([rows, tokens], end ?? 0, int64, device));

    /// <summary>Which rows have ended, shape (rows), bool.</summary>
    public Tensor HaveEnded { get; private set; } = Unscoped.Compute(() => zeros([rows], @bool, device));

    /// <summary>What stands behind the end of a row.</summary>
    public long Filler => end ?? 0;

    /// <summary>Keeps what the tokens of a position are decided from.</summary>
    /// <param name="position">The position.</param>
    /// <param name="scores">The network's scores of (rows, 1) tokens.</param>
    /// <returns>The scores, of which only those of allowed entries count.</returns>
    public Logits Keep(int position, Logits scores)
    {
        using var noGrad = no_grad();
        (_weight, _bias) = (scores.Weight, scores.Bias);
        _hidden ??= zeros([rows, tokens, scores.Hidden.shape[2]], scores.Hidden.dtype, device).DetachFromDisposeScope();
        using (var place = _hidden.narrow(1, position, 1))
            place.copy_(scores.Hidden);
        return constraint is null ? scores : constraint.AddTo(scores, position);
    }

    /// <summary>Decides the tokens of a position; in rows that have ended the end token stands whatever was chosen.</summary>
    /// <param name="position">The position.</param>
    /// <param name="chosen">Shape (rows), int64.</param>
    public void Decide(int position, Tensor chosen)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Scalar filler = Filler;
        Tokens.select(1, position).copy_(chosen.masked_fill(HaveEnded, filler));
        if (end is { } last)
            HaveEnded.logical_or_(chosen.Is(last));
    }

    /// <summary>Takes the tokens of each row from a row that may be another one.</summary>
    /// <param name="from">The row that each row continues, shape (rows), int64.</param>
    public void Reorder(Tensor from)
    {
        Tokens = Moved(Tokens);
        HaveEnded = Moved(HaveEnded);
        _hidden = Moved(_hidden!);

        Tensor Moved(Tensor of)
        {
            using (of)
                return Unscoped.Compute(() => of.index_select(0, from));
        }
    }

    /// <summary>What a step shows that has decided a position: the first of each item's rows.</summary>
    /// <param name="position">The position.</param>
    /// <param name="isLast">Whether the rows are the result.</param>
    /// <param name="each">Rows of each item, side by side.</param>
    public Shown Show(int position, bool isLast, int each = 1) => new(this, position, isLast, each);

    private Logits Constrained(Logits scores) => constraint is null ? scores : constraint.AddTo(scores);

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        HaveEnded.Dispose();
        _hidden?.Dispose();
    }

    /// <summary>A step with its tensors, which live until it is disposed of.</summary>
    internal sealed class Shown : IDisposable
    {
        private readonly Tensor _tokens;
        private readonly Tensor _open;
        private readonly Logits _scores;

        public Shown(PartialRows rows, int position, bool isLast, int each)
        {
            Tensor First(Tensor of) => of.unflatten(0, [-1, each]).select(1, 0);
            var count = (int)rows.Tokens.shape[1];
            var decided = isLast ? count : position + 1L; // tokens before this place
            _tokens = Unscoped.Compute(() => First(rows.Tokens).contiguous());
            _scores = Unscoped.Compute(() => rows.Constrained(new Logits(First(rows._hidden!), rows._weight, rows._bias)));
            _open = Unscoped.Compute(() => TensorArithmetic.Counting(count, int64, _tokens.device).IsBelow(decided).logical_not().expand(_tokens.shape).contiguous());
            // The level is the share of tokens that were decided before.
            Step = new(position, count, new NoiseLevel(count - 1 - position, (double)position / count), _scores, () => _tokens, () => _open) { IsLast = isLast };
        }

        /// <summary>The step.</summary>
        public DenoisingStep Step { get; }

        /// <inheritdoc/>
        public void Dispose()
        {
            _tokens.Dispose();
            _open.Dispose();
            _scores.Dispose();
        }
    }
}
