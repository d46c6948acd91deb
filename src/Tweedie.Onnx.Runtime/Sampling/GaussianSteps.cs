using System.Numerics.Tensors;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>
/// The steps of one-hot diffusion: predict, choose, and go on to the next level by the weights of the sampler. Samplers that commit tokens let the first of them go to
/// the cleanest level and keep the others noisy. In the control, every state is pure noise.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class GaussianSteps(SamplingRun run)
{
    private readonly Chooser _chooser = new(run.Options, run.Streams);
    private readonly NoiseSchedule _schedule = NoiseSchedule.Create(run.Model.Diffusion);
    private readonly bool _commits = SamplingRules.Commits(run.Options);
    private readonly double _stagger = run.Options.Stagger ?? 0;
    private readonly bool _isSoft = run.Options.Soft ?? run.Options.Sampler == SamplerKind.Ddim;

    private int Length => run.Model.Tokens;

    private TokenLevel Clean => new(_schedule.Level(0));

    /// <summary>The stream of steps.</summary>
    public IEnumerable<OnnxStep> Run(CancellationToken cancellation)
    {
        var plan = OnnxSampling.Plan(run.Model, run.Options);
        var (guidance, bias) = (run.Options.GuidanceOverSteps(), run.Bias());
        var stability = new Stability(run.Options.StopWhenStable, Length, run.End);
        var state = Held(Pure(Everywhere(plan[0]), step: -1), step: -1);
        var previous = run.Model.SelfConditioning ? new float[run.Items * Length * run.Model.Width] : null;
        for (var index = 0; ; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var output = run.Graphs.Run(state.AddTo(run), run.Condition, guidance.ScaleAt(index, plan.Count), bias, previous);
            var now = new Step(state, output, Choices(output, state, index), plan, index);
            var isLast = stability.IsReachedBy(now.Tokens) || index + 1 == plan.Count;
            var next = isLast ? null : Held(Next(now), index);
            yield return new OnnxStep(index, plan.Count, plan[index], isLast, run.Model, output.Logits, now.Tokens, next is null || Length == 1 || !(_commits || _stagger > 0 || SeesKnown) ? null : next.Noisier());

            if (next is null)
                yield break;
            (previous, state) = (output.Mean, next);
        }
    }

    // Whether known tokens are at the level of timestep 0; else they are as noisy as the others.
    private bool SeesKnown => run.Known is not null && run.Model.Diffusion.Known is not null;

    private TokenScores Scores(StepOutput output) => new(output.Logits.GetTensorDataAsSpan<float>(), run.Model.Classes);

    private TokenLevel[] Everywhere(NoiseLevel level) => [.. Enumerable.Repeat(new TokenLevel(level), run.Items * Length)];

    // The to-one rule's choices for the tokens that are not decided, and those that are.
    private long[] Choices(StepOutput output, State state, int step)
    {
        long[] tokens = [.. output.Best];
        var scores = Scores(output);
        for (var token = 0; token < tokens.Length; token++)
            if (state.Decided is { } decided && decided[token] >= 0)
                tokens[token] = decided[token];
            else if (_chooser.IsRandom)
                tokens[token] = _chooser.Draw(scores, token / Length, token % Length, Length, step);
        return tokens;
    }

    private State Next(Step now)
    {
        var target = Everywhere(now.Plan[now.Index + 1]);
        return run.Options.Control ? Pure(target, now.Index)
            : _commits ? Committed(now, target)
            : _stagger > 0 ? Staggered(now)
            : run.Options.Churn is > 0 and var gamma ? Churned(Advanced(now, target), gamma, now.Index)
            : Advanced(now, target);
    }

    private State Pure(TokenLevel[] levels, int step) =>
        new(run.Graphs.Corrupt(new long[levels.Length], Normal(step, NoisePurpose.State), new double[levels.Length], Variances(levels)), levels, null);

    private State Noisy(long[] tokens, TokenLevel[] levels, int step, NoisePurpose purpose = NoisePurpose.State) =>
        new(run.Graphs.Corrupt(tokens, Normal(step, purpose), Array.ConvertAll(levels, level => level.AlphaBar), Variances(levels)), levels, null);

    // clean·s·ŷ0 + state·y_t + √variance·ε, each token by the weights of its own levels.
    private State Advanced(Step now, TokenLevel[] target)
    {
        StepWeights[] weights = [.. now.State.Levels.Zip(target, (from, to) => run.Options.Sampler switch
        {
            SamplerKind.Posterior => StepWeights.Posterior(from.AlphaBar, to.AlphaBar),
            SamplerKind.Ddim => StepWeights.Ddim(from.AlphaBar, to.AlphaBar, run.Options.Eta ?? 0),
            _ => StepWeights.Renoise(to.AlphaBar),
        })];
        var noise = weights.Any(step => step.Variance != 0) ? Normal(now.Index, NoisePurpose.State) : new float[now.State.Values.Length];
        var values = run.Graphs.Corrupt(now.Tokens, noise, Array.ConvertAll(weights, step => _isSoft ? 0 : step.Clean * step.Clean), Array.ConvertAll(weights, step => step.Variance));
        var (width, mean) = (run.Graphs.Dimensions, _isSoft ? run.Graphs.MeanClean(Scores(now.Output)) : []);
        for (var token = 0; token < weights.Length; token++)
        {
            var own = values.AsSpan(token * width, width);
            if (_isSoft)
                TensorPrimitives.MultiplyAdd(mean.AsSpan(token * width, width), (float)weights[token].Clean, own, own);
            if (weights[token].State != 0)
                TensorPrimitives.MultiplyAdd(now.State.Values.AsSpan(token * width, width), (float)weights[token].State, own, own);
        }
        return new(values, target, null);
    }

    // Tokens begin one after the other, from the left or those that are further on and more confident first, and each goes through all levels of the plan in the time 1−spread.
    private State Staggered(Step now)
    {
        const double rounding = 1e-9; // of times that are multiples of 1/steps
        const double weight = 1e6; // the log-SNRs of two levels differ by more than 1e-6
        var scores = Scores(now.Output);
        var target = new TokenLevel[now.Tokens.Length];
        for (var start = 0; start < target.Length; start += Length)
        {
            var priority = new double[Length];
            for (var place = 0; place < Length; place++)
                priority[place] = run.Known?.Known[start + place] == true ? double.PositiveInfinity
                    : run.Options.StaggerOrder == TokenOrder.LeftToRight ? -place
                    : Math.Log(now.State.Levels[start + place].AlphaBar / (1 - now.State.Levels[start + place].AlphaBar)) * weight + scores.ProbabilityOf(start + place, now.Tokens[start + place]);
            var given = run.Known?.Known.AsSpan(start, Length).Count(true) ?? 0;
            foreach (var (rank, place) in Enumerable.Range(0, Length).OrderByDescending(place => priority[place]).Index())
            {
                var late = (now.Index + 1.0) / now.Plan.Count + rounding - _stagger * (rank + 1 - given) / Math.Max(1, Length - given); // since the token began
                var passed = _stagger < 1 ? late / (1 - _stagger) : late < 0 ? 0 : 1;
                var reached = new TokenLevel(now.Plan[(int)Math.Clamp(Math.Floor(passed * now.Plan.Count), 0, now.Plan.Count - 1)]);
                target[start + place] = reached.AlphaBar > now.State.Levels[start + place].AlphaBar ? reached : now.State.Levels[start + place]; // never noisier again
            }
        }
        var next = Advanced(now, target);
        for (var token = 0; token < target.Length; token++)
            if (target[token] == now.State.Levels[token])
                Copy(now.State.Values, next.Values, token);
        return next;
    }

    // Noise is added, and the steps that follow undo errors that they would have kept.
    private State Churned(State state, double gamma, int step)
    {
        var (weights, noisier) = StepWeights.Churn(state.Levels[0].AlphaBar, gamma, _schedule.AlphaBar[^1]);
        var added = run.Graphs.Corrupt(new long[state.Levels.Length], Normal(step, NoisePurpose.Sampler), new double[state.Levels.Length], [.. state.Levels.Select(_ => weights.Variance)]);
        TensorPrimitives.MultiplyAdd(state.Values, (float)weights.State, added, added);
        return new(added, [.. state.Levels.Select(_ => new TokenLevel(_schedule.TimestepOf(noisier), noisier))], null);
    }

    // The first tokens of each row, by the probability of their choice or from the left, go to the cleanest level.
    private State Committed(Step now, TokenLevel[] target)
    {
        var committed = First(now, (now.Index + 1.0) / now.Plan.Count);
        var next = Noisy(now.Tokens, [.. target.Select((level, token) => committed[token] ? Clean : level)], now.Index);
        if (run.Options.Revise == true)
            return next;
        for (var token = 0; token < committed.Length; token++) // what was committed before stays as it is
            if (now.State.Decided is { } decided && decided[token] >= 0 && run.Known?.Known[token] != true)
                Copy(now.State.Values, next.Values, token);
        return next with { Decided = [.. now.Tokens.Select((token, i) => committed[i] ? token : -1)] };
    }

    private bool[] First(Step now, double share)
    {
        var scores = Scores(now.Output);
        var committed = new bool[now.Tokens.Length];
        for (var start = 0; start < committed.Length; start += Length)
        {
            var priority = new float[Length];
            for (var place = 0; place < Length; place++)
                priority[place] = run.Known?.Known[start + place] == true || now.State.Decided?[start + place] >= 0 ? float.PositiveInfinity
                    : run.Options.Sampler == SamplerKind.LeftToRight ? -place : scores.ProbabilityOf(start + place, now.Tokens[start + place]);
            foreach (var place in run.First(start, priority, share))
                committed[start + place] = true;
        }
        return committed;
    }

    // The state with known tokens in their places.
    private State Held(State state, int step)
    {
        if (run.Known is not { } known)
            return state;
        var levels = SeesKnown ? [.. state.Levels.Select((level, token) => known.Known[token] ? Clean : level)] : state.Levels;
        var held = Noisy(known.Tokens, levels, step, NoisePurpose.Known);
        for (var token = 0; token < known.Known.Length; token++)
            if (known.Known[token])
                Copy(held.Values, state.Values, token);
        return state with { Levels = levels };
    }

    private void Copy(float[] from, float[] to, int token) => from.AsSpan(token * run.Graphs.Dimensions, run.Graphs.Dimensions).CopyTo(to.AsSpan(token * run.Graphs.Dimensions));

    private static double[] Variances(TokenLevel[] levels) => Array.ConvertAll(levels, level => 1 - level.AlphaBar);

    private float[] Normal(int step, NoisePurpose purpose)
    {
        var numbers = new float[run.Items * Length * run.Graphs.Dimensions];
        run.Streams.FillNormal(step, purpose, numbers);
        if (run.Options.NoiseScale is { } scale)
            TensorPrimitives.Multiply(numbers, (float)scale, numbers);
        return numbers;
    }

    /// <summary>A step: its state, what the network says of it, and the chosen tokens.</summary>
    private sealed record Step(State State, StepOutput Output, long[] Tokens, IReadOnlyList<NoiseLevel> Plan, int Index);

    /// <summary>The level of one token.</summary>
    /// <param name="Told">The timestep that the network is told, which may lie between two.</param>
    /// <param name="AlphaBar">ᾱ.</param>
    private readonly record struct TokenLevel(double Told, double AlphaBar)
    {
        public TokenLevel(NoiseLevel level) : this(level.Timestep, level.AlphaBar) { }
    }

    /// <summary>The state of B·N tokens.</summary>
    /// <param name="Values">Shape (B, N, dimensions).</param>
    /// <param name="Levels">The level of each token.</param>
    /// <param name="Decided">The tokens that are chosen for good, and −1 in place of the others; null where none are.</param>
    private sealed record State(float[] Values, TokenLevel[] Levels, long[]? Decided)
    {
        // The tokens that are noisier than the cleanest.
        public bool[] Noisier()
        {
            var cleanest = Levels.Max(level => level.AlphaBar);
            return Array.ConvertAll(Levels, level => level.AlphaBar < cleanest);
        }

        public Action<Inputs> AddTo(SamplingRun run) => inputs =>
        {
            var isOne = Levels.All(level => level == Levels[0]);
            long[] shape = isOne ? [1, 1] : [run.Items, run.Model.Tokens];
            float[] Numbers(Func<TokenLevel, double> of) => [.. (isOne ? Levels[..1] : Levels).Select(level => (float)of(level))];
            inputs.Add("state", Values, run.Items, run.Model.Tokens, run.Graphs.Dimensions).Add("told", Numbers(level => level.Told), shape)
                .Add("alpha_bar", Numbers(level => level.AlphaBar), shape).Add("variance", Numbers(level => 1 - level.AlphaBar), shape);
        };
    }
}
