using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// Diffusion of one-hot vectors by Gaussian noise, y_t = s·√ᾱ_t·y0 + √(1−ᾱ_t)·ε (paper §3.2), with the training objective
/// E_t w(t)·CE(p_θ(y0 | y_t, c), y0), w(t) = ᾱ_t or 1, and the regressions of the ablation (Table 2).
/// </summary>
public sealed class OneHotDiffusion : DiffusionProcess
{
    private readonly DiffusionOptions _options;
    private readonly ObjectiveOptions _objective;
    private readonly TimestepSampler _timesteps;
    private readonly double[] _alphaBar;
    private readonly TokenCode? _code;
    private LossCurve? _curve;

    /// <summary>Creates the process of a model.</summary>
    /// <param name="options">The schedule, the scale and what the network predicts.</param>
    /// <param name="objective">The training objective.</param>
    /// <param name="schedule">A noise schedule to use in place of the one that the options describe.</param>
    /// <param name="code">How well tokens can be told apart; timesteps by decode accuracy need it.</param>
    /// <exception cref="TweedieException">The objective's log-SNR window holds no timestep of the schedule.</exception>
    public OneHotDiffusion(DiffusionOptions options, ObjectiveOptions? objective = null, NoiseSchedule? schedule = null, TokenCode? code = null)
    {
        (_options, _objective, _code) = (options, objective ?? new ObjectiveOptions(), code);
        Schedule = schedule ?? NoiseSchedule.Create(options);
        var fixedDensity = _objective.Timesteps == TimestepDistribution.CrossEntropy ? null
            : TimeDensity.Create(_objective.Timesteps, Schedule, _objective.LogSnrMin, _objective.LogSnrMax, code);
        _timesteps = new TimestepSampler(
            () => fixedDensity ?? MeasuredDensity() ?? throw new InvalidOperationException("Timesteps by cross-entropy need a network that measures it."), _objective.TokenLevels, _objective.LevelPattern);
        _alphaBar = [.. Schedule.AlphaBar];
    }

    /// <summary>The noise schedule.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>Whether the network was trained to see known tokens at the cleanest level among noisy ones.</summary>
    public bool SeesKnown => _options.Known is not null;

    /// <inheritdoc/>
    public override void Follow(LossCurve? curve) => _curve = curve;

    /// <summary>The density of timesteps by the measured cross-entropy; null where the network measures none.</summary>
    internal TimeDensity? MeasuredDensity() => _curve?.Density(Schedule.Timesteps);

    /// <summary>The embedded space where that costs less, unless the network predicts the noise itself.</summary>
    public override ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null)
    {
        var (width, classes) = (weight.shape[0], weight.shape[1]);
        return _options.Prediction != PredictionKind.Noise && classes >= 4 * width && tokens >= 2 * width
            ? new EmbeddedSpace(weight, _options.Scale, _options.Input, logPrior) : new OneHotSpace(weight, _options.Scale, _options.Input, logPrior);
    }

    /// <inheritdoc/>
    public override NoiseLevels DrawLevels(int items, int copies, int tokens, Device device) => At(_timesteps.Draw(items, copies, tokens, device));

    /// <inheritdoc/>
    public override NoiseLevels StepBefore(NoiseLevels levels)
    {
        const int steps = 20;
        using Scalar last = Schedule.Timesteps - 1;
        return At(levels.Told.Plus((long)(Schedule.Timesteps / steps)).clamp(max: last));
    }

    /// <inheritdoc/>
    public override Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var gaussian = (GaussianSpace)space;
        var drawn = gaussian.Noise(tokens.shape[0], tokens.shape[1], noise);
        var state = ForwardProcess.Corrupt(gaussian.Clean(tokens), drawn, levels.State);
        return new(space, state.MoveToOuterDisposeScope(), levels, drawn.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null)
    {
        using var scope = NewDisposeScope();
        var weights = (tokenWeights ?? ones(tokens.shape, device: tokens.device)).to(float32).Over(tokens.shape[0]);
        if (_objective.Coefficient)
            weights = weights * corruption.Levels.State.to(float32);
        if (_curve is not null && is_grad_enabled())
            _curve.Measure(() => Scores(output, corruption.Space, corruption.State, corruption.Levels), tokens, corruption.Levels.Told, Schedule.Timesteps);
        var loss = _options.Prediction switch
        {
            PredictionKind.Logits => LinearCrossEntropy.Sum(output, tokens, weights, _objective.LabelSmoothing),
            PredictionKind.Evidence => LinearCrossEntropy.Sum(
                Scores(output, corruption.Space, corruption.State, corruption.Levels), tokens, weights, _objective.LabelSmoothing),
            PredictionKind.Noise => (SquaredError(output, corruption.Noise ?? throw new ArgumentException("Noise regression needs the noise.", nameof(corruption))) * weights).sum(),
            PredictionKind.Clean => (SquaredError(output, ForwardProcess.OneHot(tokens, output.Classes).Times(_options.Scale)) * weights).sum(),
            _ => throw new InvalidOperationException($"Unknown prediction kind {_options.Prediction}."),
        };
        return loss.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override NoiseLevels Levels(NoiseLevel level, Device device) => NoiseLevels.Of(level.AlphaBar, level.Timestep, device);

    /// <summary>
    /// A network that predicts noise scores the clean entries by inverting the forward process. Evidence of the states is added to the scores of a network that
    /// leaves it out. The others score the entries directly.
    /// </summary>
    public override Logits Scores(Logits output, ITokenSpace space, Tensor state, NoiseLevels levels)
    {
        if (_options.Prediction == PredictionKind.Evidence)
            return output.Plus(((GaussianSpace)space).Evidence(state, levels.State));
        if (_options.Prediction != PredictionKind.Noise)
            return output;
        using var scope = NewDisposeScope();
        using (output)
            return Logits.Of(ForwardProcess.Clean(state, output.All(), levels.State, _options.Scale).MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public override IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null)
    {
        var steps = options.Steps ?? 1;
        if (steps > Schedule.Timesteps)
            throw new TweedieException(new OptionFault(nameof(options.Steps), $"{steps}", $"is more than the model's {Schedule.Timesteps} timesteps; use at most {Schedule.Timesteps}."));
        return OneHotSampling.Create(this, options, _code, endToken, paddingToken);
    }

    /// <summary>
    /// Known tokens are at the level of timestep 0, if the network has learned to see clean tokens among noisy ones; else they are as noisy as the others.
    /// </summary>
    public override Sample Hold(Sample sample, Tensor tokens, Tensor known, ITokenSpace space, INoiseSource noise)
    {
        ArgumentNullException.ThrowIfNull(sample);
        if (sample.Levels is not { } levels)
            return sample;
        using var scope = NewDisposeScope();
        var gaussian = (GaussianSpace)space;
        var clean = !SeesKnown ? levels : Levels(Schedule.Level(0), known.device);
        var state = ForwardProcess.Corrupt(gaussian.Clean(tokens), gaussian.Noise(tokens.shape[0], tokens.shape[1], noise, NoisePurpose.Known), clean.State);
        return sample with
        {
            State = where(known.unsqueeze(-1), state, sample.State).MoveToOuterDisposeScope(),
            Levels = !SeesKnown ? levels
                : new(where(known, clean.State, levels.State).MoveToOuterDisposeScope(), where(known, clean.Told, levels.Told).MoveToOuterDisposeScope()),
        };
    }

    /// <inheritdoc/>
    public override ILikelihoodBound Bound(LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (_options.Prediction is PredictionKind.Noise or PredictionKind.Clean)
            throw new TweedieException(
                $"likelihood: a network of prediction = {_options.Prediction.ToString().ToLowerInvariant()} gives no probabilities of tokens; train one with model.diffusion.prediction = logits or evidence.",
                FaultKind.Model);
        return new OneHotBound(this, options);
    }

    // The levels of timesteps, which are told as they are.
    private NoiseLevels At(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        return new(tensor(_alphaBar, device: timesteps.device).index_select(0, timesteps.flatten()).view(timesteps.shape).MoveToOuterDisposeScope(), timesteps);
    }

    // The mean over the K entries: (B, N).
    private static Tensor SquaredError(Logits output, Tensor target)
    {
        var difference = output.All() - target;
        return (difference * difference).mean([-1]);
    }
}
