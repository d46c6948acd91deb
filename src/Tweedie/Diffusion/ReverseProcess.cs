using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The reverse process, of any diffusion process and with any sampler, as one lazy stream of steps: predict, guide, to-one, go on to the next level.
/// </summary>
public sealed class ReverseProcess : IReverseProcess
{
    private readonly DiffusionProcess _process;
    private readonly IReadOnlyList<NoiseLevel> _plan;
    private readonly ISampler _sampler;
    private readonly IToOne _toOne;
    private readonly Guidance _guidance;
    private readonly int _stopWhenStable;
    private readonly long? _end;
    private readonly long? _padding;
    private readonly double _lengthBias;
    private readonly double _noiseScale;

    /// <summary>Creates a reverse process; it holds no tensors and may be run as often as you like.</summary>
    /// <param name="process">The diffusion process, which knows what the network's outputs mean.</param>
    /// <param name="plan">The levels to visit, noisiest first; at least one.</param>
    /// <param name="sampler">How a step goes on to the next level.</param>
    /// <param name="toOne">The to-one rule.</param>
    /// <param name="guidance">The guidance scale, at least 0.</param>
    /// <param name="stopWhenStable">Stop when all sentences have stayed the same for this many steps; 0 runs the whole plan.</param>
    /// <param name="end">The token that ends a sentence, for <paramref name="stopWhenStable"/> and <paramref name="lengthBias"/>; null counts all tokens.</param>
    /// <param name="lengthBias">Is taken from the scores of <paramref name="end"/> and <paramref name="padding"/>; not 0 only where there is an end.</param>
    /// <param name="padding">The token that fills places behind the end; null for none.</param>
    /// <param name="noiseScale">A factor on all normal noise, at least 0 (<see cref="SamplingOptions.NoiseScale"/>).</param>
    /// <exception cref="ArgumentException">The plan has no level, or a number is out of range.</exception>
    public ReverseProcess(DiffusionProcess process, IReadOnlyList<NoiseLevel> plan, ISampler sampler, IToOne toOne, Guidance guidance,
        int stopWhenStable = 0, long? end = null, double lengthBias = 0, long? padding = null, double noiseScale = 1)
    {
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(toOne);
        ArgumentNullException.ThrowIfNull(guidance);
        ArgumentOutOfRangeException.ThrowIfNegative(stopWhenStable);
        ArgumentOutOfRangeException.ThrowIfNegative(noiseScale);
        if (plan.Count == 0)
            throw new ArgumentException("A plan needs at least one level.", nameof(plan));
        if (!double.IsFinite(guidance.Scale) || guidance.Scale < 0)
            throw new ArgumentOutOfRangeException(nameof(guidance), guidance.Scale, "A guidance scale is finite and at least 0.");
        if (lengthBias != 0 && end is null)
            throw new ArgumentException("A length bias needs the token that ends a sentence.", nameof(lengthBias));
        (_process, _plan, _sampler, _toOne, _guidance, _stopWhenStable, _end) = (process, plan, sampler, toOne, guidance, stopWhenStable, end);
        (_lengthBias, _padding, _noiseScale) = (lengthBias, padding, noiseScale);
    }

    /// <inheritdoc/>
    public IEnumerable<DenoisingStep> Run(IDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(noise);
        constraint?.CheckFits(denoiser.Items, denoiser.Tokens);
        return Steps(denoiser, _noiseScale == 1 ? noise : new ScaledNoise(noise, _noiseScale), constraint, cancellation);
    }

    private IEnumerable<DenoisingStep> Steps(IDenoiser denoiser, INoiseSource noise, TokenConstraint? constraint, CancellationToken cancellation)
    {
        using var stability = new Stability(_stopWhenStable, _end);
        using var bias = _lengthBias == 0 ? null : new EndBias([_end!.Value, _padding ?? _end.Value], _lengthBias);
        using var at = new Position(denoiser, Unscoped.Compute(() => Start(Levels(0), noise.ForStep(-1))), bias, constraint);
        for (var index = 0; ; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var random = noise.ForStep(index);
            var scores = at.Scores(_process, _guidance.ScaleAt(index, _plan.Count));
            using var now = new SamplerInput(denoiser.Space, at.State, at.Levels, scores, _toOne, random, index, _plan.Count, at.Decided, constraint);
            var isLast = index + 1 == _plan.Count || (_stopWhenStable > 0 && stability.IsReachedBy(now.Tokens));
            using var next = new Transition(now, () => _sampler.Advance(now, isLast ? null : Levels(index + 1), random) is var next && ReferenceEquals(next.State, now.State) ? next : Hold(next, random));
            yield return new DenoisingStep(index, _plan.Count, _plan[index], scores, next.Tokens, () => next.Open) { IsLast = isLast };

            if (isLast)
                yield break;
            at.MoveTo(next.Take());
        }

        NoiseLevels Levels(int index) => _process.Levels(_plan[index], noise.Device);

        Sample Start(NoiseLevels levels, INoiseSource random) =>
            Hold(new(denoiser.Space.Prior(denoiser.Items, denoiser.Tokens, levels.State, random), levels), random);

        Sample Hold(Sample sample, INoiseSource random) => constraint is null ? sample
            : _process.Hold(sample, constraint.TokensOf(denoiser.Items), constraint.KnownOf(denoiser.Items), denoiser.Space, random);
    }

    /// <summary>The current position of a run: the state, its levels and the network's scores for it.</summary>
    private sealed class Position(IDenoiser denoiser, Sample start, EndBias? bias, TokenConstraint? constraint) : IDisposable
    {
        private Logits? _scores;
        private Tensor? _previous;
        private double _scale;

        public Tensor State { get; private set; } = start.State;

        public NoiseLevels Levels { get; private set; } = start.Levels!;

        public Tensor? Decided { get; private set; }

        /// <summary>The guided scores. They are computed anew where the state, the told level or the guidance scale has changed.</summary>
        public Logits Scores(DiffusionProcess process, double scale)
        {
            if (_scores is not null && scale == _scale)
                return _scores;
            _scores?.Dispose();
            _scale = scale;
            _scores = Unscoped.Compute(() =>
            {
                var scores = process.Scores(denoiser.Predict(State, Levels, scale, _previous), denoiser.Space, State, Levels);
                scores = bias is null ? scores : bias.AddTo(scores);
                return constraint is null ? scores : constraint.AddTo(scores);
            });
            if (denoiser.TakesPrevious)
            {
                _previous?.Dispose();
                _previous = Unscoped.Compute(() => denoiser.Space.Embed(_scores));
            }
            return _scores;
        }

        public void MoveTo(Sample next)
        {
            var isSame = ReferenceEquals(next.State, State) && IsSame(Levels.Told, next.Levels!.Told);
            if (!isSame)
            {
                _scores?.Dispose();
                _scores = null;
            }
            if (!ReferenceEquals(next.State, State))
                State.Dispose();
            if (!ReferenceEquals(next.Levels, Levels))
                Levels.Dispose();
            Decided?.Dispose();
            (State, Levels, Decided) = (next.State, next.Levels!, next.Decided);
        }

        public void Dispose()
        {
            _scores?.Dispose();
            _previous?.Dispose();
            State.Dispose();
            Levels.Dispose();
            Decided?.Dispose();
        }

        private static bool IsSame(Tensor told, Tensor next)
        {
            using var scope = NewDisposeScope();
            return (told == next).all().item<bool>();
        }
    }

    /// <summary>Scores that make the tokens that end a sentence and fill up its row less likely, by the same number at every place.</summary>
    private sealed class EndBias(long[] ends, double bias) : IDisposable
    {
        private Tensor? _column;
        private Tensor? _none;

        public Logits AddTo(Logits scores)
        {
            _column ??= Column(scores.Classes, scores.Hidden.device);
            _none ??= zeros([scores.Classes, 0], float32, scores.Hidden.device).DetachFromDisposeScope();
            var (items, tokens) = (scores.Hidden.shape[0], scores.Hidden.shape[1]);
            return scores.Plus(new Logits(zeros([items, tokens, 0], float32, scores.Hidden.device), _none, _column)); // an output layer that has only a bias
        }

        public void Dispose()
        {
            _column?.Dispose();
            _none?.Dispose();
        }

        private Tensor Column(long classes, Device device)
        {
            using var scope = NewDisposeScope();
            var column = zeros([classes], float32, device);
            foreach (var end in ends.Distinct())
                column.narrow(0, end, 1).Increase(TensorArithmetic.Filled([1], -bias, float32, device));
            return column.DetachFromDisposeScope();
        }
    }

    /// <summary>The step from a state to the next one. It is taken when first asked for, at the latest when the stream moves on.</summary>
    private sealed class Transition : IDisposable
    {
        private readonly SamplerInput _now;
        private readonly Lazy<Sample> _next;
        private readonly Lazy<Tensor> _tokens;
        private readonly Lazy<Tensor?> _open;
        private bool _isTaken;

        public Transition(SamplerInput now, Func<Sample> take)
        {
            _now = now;
            _next = new(() => Unscoped.Compute(take));
            _open = new(() => Unscoped.ComputeOptional(() => now.StateIsTokens ? now.Space.Open(_next.Value.State) : Noisy(_next.Value.Levels)));
            _tokens = new(() => Unscoped.Compute(() => where(Open!, now.Tokens, _next.Value.State)));
        }

        // Where tokens have levels of their own, those that are noisier than the cleanest.
        private static Tensor? Noisy(NoiseLevels? levels) => levels?.State is { } state && state.shape[1] > 1 ? state < state.amax() : null;

        /// <summary>The tokens that stay open after the step; null where no token is decided before the others.</summary>
        public Tensor? Open => _open.Value;

        /// <summary>The tokens of the step. Where tokens are decided one by one, these are the decided tokens, and guesses for the others.</summary>
        public Tensor Tokens() => _now.StateIsTokens ? _tokens.Value : _now.Tokens;

        /// <summary>Hands the next state over.</summary>
        public Sample Take()
        {
            _isTaken = true;
            return _next.Value;
        }

        public void Dispose()
        {
            if (_tokens.IsValueCreated)
                _tokens.Value.Dispose();
            if (_open.IsValueCreated)
                _open.Value?.Dispose();
            if (_isTaken || !_next.IsValueCreated)
                return;
            if (!ReferenceEquals(_next.Value.State, _now.State))
                _next.Value.State.Dispose();
            if (!ReferenceEquals(_next.Value.Levels, _now.Levels))
                _next.Value.Levels?.Dispose();
            _next.Value.Decided?.Dispose();
        }
    }
}
