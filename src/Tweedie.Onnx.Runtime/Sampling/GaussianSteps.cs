using System.Numerics.Tensors;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>
/// The steps of one-hot diffusion: predict, choose, and noise anew about the chosen tokens. By the paper's sampler all tokens go to the next level; samplers that commit
/// tokens let the first of them go to the cleanest level and keep the others noisy. In the control, every state is pure noise.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class GaussianSteps(SamplingRun run)
{
    private readonly Chooser _chooser = new(run.Options, run.Streams);
    private readonly NoiseLevel _clean = NoiseSchedule.Create(run.Model.Diffusion).Level(0);
    private readonly bool _commits = OnnxSampling.Commits(run.Options);

    private int Length => run.Model.Tokens;

    /// <summary>The stream of steps.</summary>
    public IEnumerable<OnnxStep> Run(CancellationToken cancellation)
    {
        var plan = OnnxSampling.Plan(run.Model, run.Options);
        var (guidance, bias) = (run.Options.GuidanceOverSteps(), run.Bias());
        var stability = new Stability(run.Options.StopWhenStable, Length, run.End);
        var state = Noisy(new long[run.Items * Length], Everywhere(plan[0]), hasSignal: false, step: -1);
        var previous = run.Model.SelfConditioning ? new float[run.Items * Length * run.Model.Width] : null;
        for (var index = 0; ; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var output = run.Graphs.Run(state.AddTo(run), run.Condition, guidance.ScaleAt(index, plan.Count), bias, previous);
            var tokens = Choices(output, state, index);
            var isLast = stability.IsReachedBy(tokens) || index + 1 == plan.Count;
            var next = isLast ? null : Next(state, tokens, output, plan, index);
            yield return new OnnxStep(index, plan.Count, plan[index], isLast, run.Model, output.Logits, tokens, next is null || Length == 1 || !(_commits || SeesKnown) ? null : next.Noisier());

            if (next is null)
                yield break;
            (previous, state) = (output.Mean, next);
        }
    }

    // Whether known tokens are at the level of timestep 0; else they are as noisy as the others.
    private bool SeesKnown => run.Known is not null && run.Model.Diffusion.Known is not null;

    private TokenScores Scores(StepOutput output) => new(output.Logits.GetTensorDataAsSpan<float>(), run.Model.Classes);

    private NoiseLevel[] Everywhere(NoiseLevel level) => [.. Enumerable.Repeat(level, run.Items * Length)];

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

    private State Next(State state, long[] tokens, StepOutput output, IReadOnlyList<NoiseLevel> plan, int index)
    {
        if (!_commits)
            return Noisy(tokens, Everywhere(plan[index + 1]), !run.Options.Control, index);
        var committed = Committed(state, tokens, output, (index + 1.0) / plan.Count);
        var next = Noisy(tokens, Array.ConvertAll(committed, isCommitted => isCommitted ? _clean : plan[index + 1]), hasSignal: true, index);
        if (run.Options.Revise == true)
            return next;
        for (var token = 0; token < tokens.Length; token++) // what was committed before stays as it is
            if (state.Decided is { } decided && decided[token] >= 0 && run.Known?.Known[token] != true)
                state.Values.AsSpan(token * run.Graphs.Dimensions, run.Graphs.Dimensions).CopyTo(next.Values.AsSpan(token * run.Graphs.Dimensions));
        return next with { Decided = [.. tokens.Select((token, i) => committed[i] ? token : -1)] };
    }

    // The tokens that are committed after a step: the first of each row, by the probability of their choice or from the left.
    private bool[] Committed(State state, long[] tokens, StepOutput output, double share)
    {
        var scores = Scores(output);
        var committed = new bool[tokens.Length];
        for (var start = 0; start < tokens.Length; start += Length)
        {
            var priority = new float[Length];
            for (var place = 0; place < Length; place++)
                priority[place] = run.Known?.Known[start + place] == true || state.Decided?[start + place] >= 0 ? float.PositiveInfinity
                    : run.Options.Sampler == SamplerKind.LeftToRight ? -place : scores.ProbabilityOf(start + place, tokens[start + place]);
            foreach (var place in run.First(start, priority, share))
                committed[start + place] = true;
        }
        return committed;
    }

    private State Noisy(long[] tokens, NoiseLevel[] levels, bool hasSignal, int step)
    {
        var state = run.Graphs.Corrupt(tokens, Normal(step, NoisePurpose.State), Array.ConvertAll(levels, level => hasSignal ? level.AlphaBar : 0), Variances(levels));
        if (run.Known is not { } known)
            return new(state, levels, null);
        if (SeesKnown)
            levels = [.. levels.Select((level, token) => known.Known[token] ? _clean : level)];
        var held = run.Graphs.Corrupt(known.Tokens, Normal(step, NoisePurpose.Known), Array.ConvertAll(levels, level => level.AlphaBar), Variances(levels));
        var width = run.Graphs.Dimensions;
        for (var token = 0; token < known.Known.Length; token++)
            if (known.Known[token])
                held.AsSpan(token * width, width).CopyTo(state.AsSpan(token * width));
        return new(state, levels, null);
    }

    private static double[] Variances(NoiseLevel[] levels) => Array.ConvertAll(levels, level => 1 - level.AlphaBar);

    private float[] Normal(int step, NoisePurpose purpose)
    {
        var numbers = new float[run.Items * Length * run.Graphs.Dimensions];
        run.Streams.FillNormal(step, purpose, numbers);
        if (run.Options.NoiseScale is { } scale)
            TensorPrimitives.Multiply(numbers, (float)scale, numbers);
        return numbers;
    }

    /// <summary>The state of B·N tokens.</summary>
    /// <param name="Values">Shape (B, N, dimensions).</param>
    /// <param name="Levels">The level of each token.</param>
    /// <param name="Decided">The tokens that are chosen for good, and −1 in place of the others; null where none are.</param>
    private sealed record State(float[] Values, NoiseLevel[] Levels, long[]? Decided)
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
            float[] Numbers(Func<NoiseLevel, double> of) => [.. (isOne ? Levels[..1] : Levels).Select(level => (float)of(level))];
            inputs.Add("state", Values, run.Items, run.Model.Tokens, run.Graphs.Dimensions).Add("told", Numbers(level => level.Timestep), shape)
                .Add("alpha_bar", Numbers(level => level.AlphaBar), shape).Add("variance", Numbers(level => 1 - level.AlphaBar), shape);
        };
    }
}
