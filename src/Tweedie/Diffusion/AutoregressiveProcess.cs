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
        if (options.Steps is { } steps && steps != _tokens)
            throw Refused(nameof(options.Steps), steps, "is no choice with an autoregressive model (ar), which decides one token per step; leave it out.");
        if (options.Control)
            throw Refused(nameof(options.Control), "true", "is not for an autoregressive model (ar), which has no noise; leave it out.");
        if (options.Decode == DecodeKind.Consensus)
            throw Refused(nameof(options.Decode), "consensus", "is not for an autoregressive model (ar), whose steps do not all predict every token; leave it out.");
        if (options.StopWhenStable > 0)
            throw Refused(nameof(options.StopWhenStable), options.StopWhenStable, "is not for an autoregressive model (ar), which stops when all sentences have ended; leave it out.");
        if (options.Unmasking == UnmaskingKind.Ancestral)
            throw Refused(nameof(options.Unmasking), "ancestral", "is not for an autoregressive model (ar), which hides no tokens; leave it out.");
        if (options is { Beams: > 1, ToOne: ToOneKind.Multinomial })
            throw Refused(nameof(options.Beams), options.Beams.Value, "looks for the most probable sentence and draws nothing; leave it or multinomial out.");
        if (options is { Beams: > 1, Draws: > 1 })
            throw Refused(nameof(options.Beams), options.Beams.Value, "gives one sentence per image, and several draws were asked for; leave one of them out.");
        if (options is { Draws: > 1, ToOne: not ToOneKind.Multinomial })
            throw Refused(nameof(options.Draws), options.Draws, "is more than one, but draws of an autoregressive model (ar) by argmax are all the same; draw them by multinomial.");
        OneHotSampling.Refuse(options, "is for one-hot diffusion (tdd), and an autoregressive model (ar) has no noise; leave it out.");
        if (options.LengthBias is { } bias)
            throw Refused(nameof(options.LengthBias), bias, "is for methods that fill places in parallel, and an autoregressive model (ar) ends a sentence where it does; leave it out.");
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
