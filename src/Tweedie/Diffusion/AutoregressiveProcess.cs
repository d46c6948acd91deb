using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Token by token: p(y | c) = Π_i p(y_i | y_1 … y_(i−1), c). The loss is the cross-entropy of every token given those before it. There is neither noise nor
/// time; the level of a state is the share of its tokens that are decided. Sampling decides one token per step, by <see cref="TokenByToken"/> or
/// <see cref="BeamSearch"/>.
/// </summary>
public sealed class AutoregressiveProcess : DiffusionProcess
{
    private readonly int _tokens;
    private readonly double _labelSmoothing;

    /// <summary>Creates the process of a model.</summary>
    /// <param name="tokens">N, the tokens of an item, at least 1.</param>
    /// <param name="objective">The training objective; only its label smoothing is used.</param>
    public AutoregressiveProcess(int tokens, ObjectiveOptions? objective = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        (_tokens, _labelSmoothing) = (tokens, objective?.LabelSmoothing ?? 0);
    }

    /// <summary>N: one step per token.</summary>
    public override int? FixedSteps => _tokens;

    /// <inheritdoc/>
    public override ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null) => new PrefixSpace(weight);

    /// <summary>One level for all: nothing is corrupted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are several copies, which would all be the same.</exception>
    public override NoiseLevels DrawLevels(int items, int copies, int tokens, Device device) => copies == 1 ? NoiseLevels.Of(1, told: 0, device)
        : throw new ArgumentOutOfRangeException(nameof(copies), copies, "An autoregressive model has no noise in which copies would differ.");

    /// <inheritdoc/>
    public override Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise) =>
        new(space, space.Corrupt(tokens, levels.State, noise), levels);

    /// <summary>Σ −log p(x_i | tokens before it) over the tokens, averaged over B.</summary>
    public override Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var weights = (tokenWeights ?? ones(tokens.shape, device: tokens.device)).to(float32).Over(tokens.shape[0]);
        return LinearCrossEntropy.Sum(output, tokens, weights, _labelSmoothing).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override NoiseLevels Levels(NoiseLevel level, Device device) => NoiseLevels.Of(level.AlphaBar, told: 0, device);

    /// <inheritdoc/>
    public override IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null)
    {
        SamplingRules.CheckAutoregressive(options, _tokens);
        var toOne = ToOne.Create(options);
        return options.Beams is > 1 and var beams ? new BeamSearch(beams, options.GuidanceOverSteps(), endToken) : new TokenByToken(toOne, options.GuidanceOverSteps(), endToken);
    }

    /// <inheritdoc/>
    public override ILikelihoodBound Bound(LikelihoodOptions options)
    {
        const string problem = "is for diffusion, and the likelihood of an autoregressive model (ar) is exact; leave it out.";
        ArgumentNullException.ThrowIfNull(options);
        if (options.Steps is { } steps)
            throw Refused(nameof(options.Steps), steps, problem);
        if (options.Draws is { } draws)
            throw Refused(nameof(options.Draws), draws, problem);
        OneHotBound.Refuse(options, problem);
        return new ChainRule(this);
    }

    private static TweedieException Refused(string member, object value, string problem) => new(new OptionFault(member, $"{value}", problem));
}
