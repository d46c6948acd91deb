using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The input of a sampler's step. The process owns it.</summary>
public sealed class SamplerInput : IDisposable
{
    private readonly IToOne _toOne;
    private readonly INoiseSource _noise;
    private readonly Tensor? _decided;
    private readonly TokenConstraint? _constraint;
    private Tensor? _tokens;
    private Tensor? _confidence;

    internal SamplerInput(
        ITokenSpace space, Tensor state, NoiseLevels levels, Logits scores, IToOne toOne, INoiseSource noise, int index, int count,
        Tensor? decided = null, TokenConstraint? constraint = null)
    {
        (Space, State, Levels, Scores, _toOne, _noise, Index, Count) = (space, state, levels, scores, toOne, noise, index, count);
        _constraint = constraint;
        Open = Unscoped.ComputeOptional(() => space.Open(state));
        StateIsTokens = Open is not null;
        _decided = StateIsTokens ? state : decided;
        Open ??= Unscoped.ComputeOptional(() => decided?.IsBelow(0));
        if (toOne.IsRandom)
            _ = Tokens; // the random numbers that follow must not depend on whether the tokens are read
    }

    /// <summary>0-based number of the step.</summary>
    public int Index { get; }

    /// <summary>Number of steps of the plan.</summary>
    public int Count { get; }

    /// <summary>The space of the state.</summary>
    public ITokenSpace Space { get; }

    /// <summary>The state that the network saw.</summary>
    public Tensor State { get; }

    /// <summary>The levels of the state.</summary>
    public NoiseLevels Levels { get; }

    /// <summary>The scores of the clean entries, guided: of K entries for (B, N) tokens.</summary>
    public Logits Scores { get; }

    /// <summary>The tokens that are not decided yet, shape (B, N), bool; null where none is decided before the others.</summary>
    public Tensor? Open { get; }

    /// <summary>
    /// ŷ0: the entry that the to-one rule chooses for each open token, and the decided tokens as they are; shape (B, N), int64. They are chosen when first
    /// asked for; if nobody asks, the vocabulary is not projected.
    /// </summary>
    public Tensor Tokens => _tokens ??= Unscoped.Compute(() => Whole(_decided, (scores, open) => _toOne.Choose(scores, _noise, open)));

    /// <summary>
    /// How sure the choices are: the probability of each open token's choice, and infinity for a decided token; shape (B, N), float32. Where nobody asked for the
    /// tokens before, one pass over the vocabulary gives both.
    /// </summary>
    public Tensor Confidence
    {
        get
        {
            if (_confidence is not null)
                return _confidence;
            if (_tokens is null)
                (_tokens, _confidence) = Unscoped.Compute(ChooseWithConfidence);
            else
                _confidence = Unscoped.Compute(() => Whole(Open is null ? null : Sure, (scores, open) => scores.ProbabilityOf(open is null ? _tokens : _tokens[open].unsqueeze(0))));
            return _confidence;
        }
    }

    /// <summary>Whether the state holds the decided tokens themselves.</summary>
    internal bool StateIsTokens { get; }

    /// <summary>The space, where states are Gaussian.</summary>
    /// <exception cref="TweedieException">They are not.</exception>
    public GaussianSpace Gaussian => Space as GaussianSpace ?? throw new TweedieException("The sampler needs Gaussian states: those of one-hot diffusion.");

    /// <summary>The clean vector in the space: shape (B, N, dimensions).</summary>
    /// <param name="soft">Whether it is the mean of the predicted distribution; else it is that of the chosen tokens.</param>
    public Tensor Clean(bool soft) => soft ? Gaussian.Clean(Scores) : Gaussian.Clean(Tokens);

    /// <summary>Noise for every token of the state, shape (B, N, dimensions).</summary>
    /// <param name="noise">The random numbers of the step.</param>
    /// <param name="purpose">What the noise is for; two draws of a step need two purposes.</param>
    public Tensor FreshNoise(INoiseSource noise, NoisePurpose purpose = NoisePurpose.State) => Gaussian.Noise(State.shape[0], State.shape[1], noise, purpose);

    /// <summary>What comes first in an order, as a priority: the higher, the sooner. Tokens that are no longer open come before all others.</summary>
    /// <param name="order">The order.</param>
    /// <returns>Shape (B, N), float32.</returns>
    internal Tensor Priority(TokenOrder order)
    {
        if (order == TokenOrder.Confidence)
            return Confidence.alias();
        using var scope = NewDisposeScope();
        var places = TensorArithmetic.Counting(State.shape[1], float32, State.device).SubtractedFrom(0).expand(State.shape[0], -1);
        return (Open is null ? places.clone() : where(Open, places, Sure)).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens that come first: those that are known from the start, and of each row's others the share of highest priority.</summary>
    /// <param name="priority">Of each token, shape (B, N).</param>
    /// <param name="share">0 to 1; the number of tokens is rounded down.</param>
    /// <returns>Shape (B, N), bool.</returns>
    public Tensor First(Tensor priority, double share)
    {
        const double rounding = 1e-9; // of a share that is a multiple of 1/steps
        using var scope = NewDisposeScope();
        return Places(priority).IsBelow(share + rounding).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The place of each token in the order of priority, as a share of the row's tokens that are not known from the start: 1/n for the first of n, and 1 for the last; not
    /// above 0 for known ones.
    /// </summary>
    /// <param name="priority">Of each token, shape (B, N).</param>
    /// <returns>Shape (B, N), float64.</returns>
    internal Tensor Places(Tensor priority)
    {
        using var scope = NewDisposeScope();
        using Scalar always = double.PositiveInfinity;
        var known = _constraint?.KnownOf(priority.shape[0]);
        var ranks = (known is null ? priority : priority.masked_fill(known, always)).argsort(1, descending: true).argsort(1).to(float64).Plus(1); // from 1
        if (known is null)
            return ranks.Scale(1.0 / priority.shape[1]).MoveToOuterDisposeScope();
        var given = known.sum(1, keepdim: true).to(float64);
        return ((ranks - given) / given.SubtractedFrom(priority.shape[1]).clamp_min(TensorArithmetic.One)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Open?.Dispose();
        _tokens?.Dispose();
        _confidence?.Dispose();
    }

    private Tensor Sure => TensorArithmetic.Filled(Open!.shape, double.PositiveInfinity, float32, Open.device);

    private (Tensor, Tensor) ChooseWithConfidence()
    {
        Tensor? probabilities = null;
        var tokens = Whole(_decided, (scores, open) =>
        {
            (var chosen, probabilities) = _toOne.ChooseWithProbabilities(scores, _noise, open);
            return chosen;
        });
        if (Open is not null)
            probabilities = probabilities is null ? Sure : Sure.masked_scatter(Open, probabilities);
        return (tokens, probabilities!);
    }

    // What is found for the open tokens, with what stands in place of the decided ones. Only the open tokens' scores are projected.
    private Tensor Whole(Tensor? decided, Func<Logits, Tensor?, Tensor> find)
    {
        if (Open is null)
            return find(Scores, null);
        return Open.any().item<bool>() ? decided!.masked_scatter(Open, find(Scores.At(Open), Open)) : decided!.alias();
    }
}
