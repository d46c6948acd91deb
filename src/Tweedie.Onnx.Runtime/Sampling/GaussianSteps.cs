using System.Numerics.Tensors;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>
/// The steps of one-hot diffusion: predict, choose, and noise anew about the chosen tokens (the paper's sampler). In the control, every state is pure noise.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class GaussianSteps(SamplingRun run)
{
    private readonly Chooser _chooser = new(run.Options, run.Streams);
    private readonly NoiseLevel _clean = NoiseSchedule.Create(run.Model.Diffusion).Level(0);

    private int Length => run.Model.Tokens;

    /// <summary>The stream of steps.</summary>
    public IEnumerable<OnnxStep> Run(CancellationToken cancellation)
    {
        var plan = OnnxSampling.Plan(run.Model, run.Options);
        var (guidance, bias) = (run.Options.GuidanceOverSteps(), run.Bias());
        var stability = new Stability(run.Options.StopWhenStable, Length, run.End);
        var state = Noisy(new long[run.Items * Length], signal: 0, plan[0], step: -1);
        var previous = run.Model.SelfConditioning ? new float[run.Items * Length * run.Model.Width] : null;
        for (var index = 0; ; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            var level = plan[index];
            using var output = run.Graphs.Run(inputs => Add(inputs, state, level), run.Condition, guidance.ScaleAt(index, plan.Count), bias, previous);
            var tokens = _chooser.IsRandom ? Drawn(output, index) : output.Best;
            var isLast = stability.IsReachedBy(tokens) || index + 1 == plan.Count;
            yield return new OnnxStep(index, plan.Count, level, isLast, run.Model, output.Logits, tokens, IsHeld && !isLast && Length > 1 ? Noisier(plan[index + 1]) : null);

            if (isLast)
                yield break;
            previous = output.Mean;
            state = Noisy(tokens, run.Options.Control ? 0 : plan[index + 1].AlphaBar, plan[index + 1], index);
        }
    }

    // Whether known tokens have a level of their own, that of timestep 0; else they are as noisy as the others.
    private bool IsHeld => run.Known is not null && run.Model.Diffusion.Known is not null;

    // The tokens that are noisier than known ones at the next level.
    private bool[] Noisier(NoiseLevel next) => run.Known!.Known is var all && all.Any(known => known) && next.AlphaBar < _clean.AlphaBar ? Array.ConvertAll(all, known => !known) : new bool[all.Length];

    private float[] Noisy(long[] tokens, double signal, NoiseLevel level, int step)
    {
        var state = run.Graphs.Corrupt(tokens, Normal(step, NoisePurpose.State), signal, 1 - level.AlphaBar);
        if (run.Known is not { } known)
            return state;
        var of = IsHeld ? _clean : level;
        var held = run.Graphs.Corrupt(known.Tokens, Normal(step, NoisePurpose.Known), of.AlphaBar, 1 - of.AlphaBar);
        var width = run.Graphs.Dimensions;
        for (var token = 0; token < known.Known.Length; token++)
            if (known.Known[token])
                held.AsSpan(token * width, width).CopyTo(state.AsSpan(token * width));
        return state;
    }

    private float[] Normal(int step, NoisePurpose purpose)
    {
        var numbers = new float[run.Items * Length * run.Graphs.Dimensions];
        run.Streams.FillNormal(step, purpose, numbers);
        if (run.Options.NoiseScale is { } scale)
            TensorPrimitives.Multiply(numbers, (float)scale, numbers);
        return numbers;
    }

    private void Add(Inputs inputs, float[] state, NoiseLevel level)
    {
        long[] shape = IsHeld ? [run.Items, Length] : [1, 1];
        float[] Levels(Func<NoiseLevel, double> of) => IsHeld ? Array.ConvertAll(run.Known!.Known, known => (float)of(known ? _clean : level)) : [(float)of(level)];
        inputs.Add("state", state, run.Items, Length, run.Graphs.Dimensions).Add("told", Levels(at => at.Timestep), shape)
            .Add("alpha_bar", Levels(at => at.AlphaBar), shape).Add("variance", Levels(at => 1 - at.AlphaBar), shape);
    }

    private long[] Drawn(StepOutput output, int step)
    {
        var tokens = new long[run.Items * Length];
        var scores = new TokenScores(output.Logits.GetTensorDataAsSpan<float>(), run.Model.Classes);
        for (var token = 0; token < tokens.Length; token++)
            tokens[token] = _chooser.Draw(scores, token / Length, token % Length, Length, step);
        return tokens;
    }
}
