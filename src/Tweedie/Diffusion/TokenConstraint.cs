using TorchSharp;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// What is known of rows before they are sampled: tokens that stay as they are (a prompt, the words about a gap, the clues of a puzzle), and which entries each
/// place may have. Every sampler obeys it. It owns its tensors, and no dispose scope does.
/// </summary>
public sealed class TokenConstraint : IDisposable
{
    // What a forbidden entry loses in log-probability: far more than scores differ, and far less than float32 holds.
    private const double Forbidden = 1e4;

    private readonly Tensor? _bias;
    private readonly Tensor _hidden;
    private readonly Tensor _columns;

    /// <summary>Checks and takes over a constraint.</summary>
    /// <param name="tokens">The known tokens, shape (B, N), int64; anything from 0 on where nothing is known. One row (1, N) is for all items.</param>
    /// <param name="known">Where they are known, shape (B, N), bool.</param>
    /// <param name="classes">K.</param>
    /// <param name="allowed">Which entries each place may have, shape (N, K), bool; null allows all.</param>
    /// <exception cref="ArgumentException">
    /// A shape or element type is wrong, a known token is no entry or is not allowed at its place, or a place may have no entry at all.
    /// </exception>
    public TokenConstraint(Tensor tokens, Tensor known, long classes, Tensor? allowed = null) : this(tokens, known, classes, allowed, barred: null)
    {
    }

    // Barred entries, some for all rows, may not stand at places that each row has of its own, shape (B, N), bool.
    private TokenConstraint(Tensor tokens, Tensor known, long classes, Tensor? allowed, (IReadOnlyList<long> Entries, Tensor Places)? barred)
    {
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("B", null), ("N", null));
        ArgumentNullException.ThrowIfNull(known);
        if (known.dtype != @bool || !known.shape.SequenceEqual(tokens.shape))
            throw new ArgumentException($"Expected bool of the tokens' shape ({string.Join(", ", tokens.shape)}), got {known.dtype} ({string.Join(", ", known.shape)}).", nameof(known));
        if (allowed is not null && (allowed.dtype != @bool || !allowed.shape.SequenceEqual([tokens.shape[1], classes])))
            throw new ArgumentException($"Expected bool ({tokens.shape[1]}, {classes}), got {allowed.dtype} ({string.Join(", ", allowed.shape)}).", nameof(allowed));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Scalar yes = 1;
        var clamped = tokens * known;
        if (clamped.IsBelow(0).any().item<bool>() || !clamped.IsBelow(classes).all().item<bool>())
            throw new ArgumentException($"A known token is no entry of 0 … {classes - 1}.", nameof(tokens));
        if (allowed is not null)
            Check(clamped, known, allowed);

        // −Forbidden for all entries of a known place, and +Forbidden for its own: products of few columns, because few entries are known.
        var (entries, inverse, _) = clamped.masked_select(known).unique(return_inverse: true);
        var places = zeros([.. tokens.shape, entries.shape[0] + 1], float32, tokens.device);
        var columns = ones([classes, 1], float32, tokens.device);
        if (entries.numel() > 0)
        {
            var own = cat([TensorArithmetic.Filled([inverse!.shape[0], 1], -Forbidden, float32, tokens.device),
                nn.functional.one_hot(inverse, entries.shape[0]).to(float32).Times(Forbidden)], 1);
            places = places.masked_scatter(known.unsqueeze(-1), own);
            columns = cat([columns, nn.functional.one_hot(entries, classes).to(float32).t()], 1).contiguous();
        }
        if (barred is { } bar)
        {
            var own = zeros([classes, 1], float32, tokens.device);
            foreach (var entry in bar.Entries)
                own.narrow(0, entry, 1).fill_(yes);
            places = cat([places, bar.Places.unsqueeze(-1).to(float32).Times(-Forbidden)], -1);
            columns = cat([columns, own], 1).contiguous();
        }
        _bias = allowed?.logical_not().to(float32).Times(-Forbidden).DetachFromDisposeScope();
        (Tokens, Known) = (clamped.DetachFromDisposeScope(), known.clone().DetachFromDisposeScope());
        (_hidden, _columns) = (places.DetachFromDisposeScope(), columns.DetachFromDisposeScope());
    }

    private TokenConstraint(Tensor tokens, Tensor known, Tensor hidden, Tensor columns, Tensor? bias) =>
        (Tokens, Known, _hidden, _columns, _bias) = (tokens, known, hidden, columns, bias);

    /// <summary>The constraint of rows of ids. The caller disposes of it.</summary>
    /// <param name="rows">Rows of ids; a number below 0 where nothing is known.</param>
    /// <param name="length">N.</param>
    /// <param name="classes">K.</param>
    /// <param name="device">Where its tensors are.</param>
    /// <param name="allowed">Which entries each place may have, shape (N, K), bool; null allows all.</param>
    /// <param name="barred">Entries that may not stand at some places, and the places of each row; null for none.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    internal static TokenConstraint OfRows(IReadOnlyList<long[]> rows, int length, long classes, Device device, Tensor? allowed = null,
        (IReadOnlyList<long> Entries, IReadOnlyList<IReadOnlySet<int>> Places)? barred = null)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.FirstOrDefault(row => row.Length != length) is { } wrong)
            throw new ArgumentException($"A row has {wrong.Length} tokens, and the model {length}.", nameof(rows));
        using var scope = NewDisposeScope();
        var tokens = tensor([.. rows.SelectMany(row => row)], [rows.Count, length], device: device);
        var places = barred is null ? null : tensor([.. barred.Value.Places.SelectMany(own => Enumerable.Range(0, length).Select(own.Contains))], [rows.Count, length], device: device);
        return new TokenConstraint(tokens, tokens.IsBelow(0L).logical_not(), classes, allowed, places is null ? null : (barred!.Value.Entries, places));
    }

    /// <summary>The known tokens, 0 elsewhere: shape (B, N), int64.</summary>
    public Tensor Tokens { get; }

    /// <summary>Where they are known: shape (B, N), bool.</summary>
    public Tensor Known { get; }

    /// <summary>The constraint of some of its items; itself for all, where it has one row for all items.</summary>
    /// <param name="first">The first item.</param>
    /// <param name="count">The number of items.</param>
    /// <returns>A constraint that the caller disposes of.</returns>
    internal TokenConstraint Rows(long first, long count)
    {
        using var scope = NewDisposeScope();
        Tensor Part(Tensor of) => (of.shape[0] == 1 ? of : of.narrow(0, first, count)).clone().DetachFromDisposeScope();
        return new(Part(Tokens), Part(Known), Part(_hidden), _columns.clone().DetachFromDisposeScope(), _bias?.clone().DetachFromDisposeScope());
    }

    /// <summary>Scores of which only those of allowed entries count. The result owns them.</summary>
    /// <param name="scores">Scores for (B·draws, N) tokens, the rows of an item side by side; or for (B·draws, 1) tokens of one place.</param>
    /// <param name="place">The place, where the scores are those of one; else null.</param>
    internal Logits AddTo(Logits scores, int? place = null)
    {
        using var scope = NewDisposeScope();
        Tensor Of(Tensor of, int dimension) => place is { } at ? of.narrow(dimension, at, 1) : of;
        var biased = scores.Plus(new Logits(Repeated(Of(_hidden, 1), scores.Hidden.shape[0]).MoveToOuterDisposeScope(), _columns, null));
        return _bias is null ? biased
            : biased.Plus(Logits.Of(Of(_bias, 0).unsqueeze(0).expand(scores.Hidden.shape[0], -1, -1).MoveToOuterDisposeScope()));
    }

    /// <summary>Where tokens are known, for rows of items side by side: shape (rows, N).</summary>
    internal Tensor KnownOf(long rows) => Repeated(Known, rows);

    /// <summary>The known tokens, for rows of items side by side: shape (rows, N).</summary>
    internal Tensor TokensOf(long rows) => Repeated(Tokens, rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _bias?.Dispose();
        _hidden.Dispose();
        _columns.Dispose();
        Tokens.Dispose();
        Known.Dispose();
    }

    /// <summary>Refuses to be used for rows that it does not fit: its own are for items whose draws stand side by side.</summary>
    /// <exception cref="ArgumentException">The number of rows is no multiple of its own, or the length differs.</exception>
    internal void CheckFits(long items, long tokens)
    {
        if (items % Known.shape[0] != 0 || Known.shape[1] != tokens)
            throw new ArgumentException($"Expected a constraint of 1 row or one per item, of {tokens} tokens, for {items} rows, got ({string.Join(", ", Known.shape)}).");
    }

    private static void Check(Tensor tokens, Tensor known, Tensor allowed)
    {
        var choices = allowed.sum(1);
        if (!choices.all().item<bool>())
            throw new ArgumentException($"Place {choices.Is(0).to(int64).argmax().item<long>()} may have no entry at all.", nameof(allowed));
        var permitted = allowed.unsqueeze(0).expand(tokens.shape[0], -1, -1).gather(2, tokens.unsqueeze(-1)).squeeze(-1);
        var wrong = known.logical_and(permitted.logical_not());
        if (!wrong.any().item<bool>())
            return;
        var first = wrong.flatten().to(int64).argmax().item<long>();
        throw new ArgumentException(
            $"Token {tokens.flatten()[first].item<long>()} is known at place {first % tokens.shape[1]}, where it is not allowed.", nameof(tokens));
    }

    private static Tensor Repeated(Tensor rows, long count) => rows.shape[0] == count ? rows.alias() : rows.repeat_interleave(count / rows.shape[0], 0);
}
