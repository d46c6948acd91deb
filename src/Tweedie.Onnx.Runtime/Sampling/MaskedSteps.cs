using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>The steps of masked diffusion: hidden tokens appear, the most confident first or by chance.</summary>
/// <param name="run">The run.</param>
internal sealed class MaskedSteps(SamplingRun run)
{
    private const double Tiny = 1e-10;

    private readonly Chooser _drawing = new(run.Options, run.Streams);

    // Ancestral unmasking draws by itself: the temperature is its own, and the rule's choices are only shown.
    private readonly Chooser _chooser = new(run.Options.Unmasking == UnmaskingKind.Ancestral ? run.Options with { Temperature = 1, TopP = 1 } : run.Options, run.Streams);

    private int Length => run.Model.Tokens;

    private int Mask => run.Model.Classes;

    /// <summary>The stream of steps.</summary>
    public IEnumerable<OnnxStep> Run(CancellationToken cancellation)
    {
        var plan = OnnxSampling.Plan(run.Model, run.Options);
        var (guidance, bias) = (run.Options.GuidanceOverSteps(), run.Bias());
        var state = new long[run.Items * Length];
        for (var token = 0; token < state.Length; token++)
            state[token] = run.Known is { } known && known.Known[token] ? known.Tokens[token] : Mask;
        var previous = run.Model.SelfConditioning ? new float[run.Items * Length * run.Model.Width] : null;
        StepOutput? output = null;
        try
        {
            var (seen, scale) = (Array.Empty<long>(), 0.0);
            for (var index = 0; index < plan.Count; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                if (output is null || !state.AsSpan().SequenceEqual(seen) || scale != guidance.ScaleAt(index, plan.Count))
                {
                    previous = output?.Mean ?? previous;
                    output?.Dispose();
                    (seen, scale) = (state, guidance.ScaleAt(index, plan.Count));
                    output = run.Graphs.Run(inputs => inputs.Add("state", seen, run.Items, Length).Add("told", [0f], 1, 1), run.Condition, scale, bias, previous);
                }
                var isLast = index + 1 == plan.Count;
                var choices = Choices(state, output, index);
                var next = run.Options.Unmasking == UnmaskingKind.Ancestral ? Revealed(state, output, plan[index].AlphaBar, isLast ? 1 : plan[index + 1].AlphaBar, index)
                    : MostConfident(state, choices, output, isLast ? 1 : plan[index + 1].AlphaBar);
                var open = Array.ConvertAll(next, token => token == Mask);
                long[] shown = [.. next.Select((token, i) => open[i] ? choices[i] : token)];
                yield return new OnnxStep(index, plan.Count, plan[index], isLast, run.Model, output.Logits, shown, open);
                state = next;
            }
        }
        finally
        {
            output?.Dispose();
        }
    }

    // The to-one rule's choice for hidden tokens, and the visible ones.
    private long[] Choices(long[] state, StepOutput output, int step)
    {
        var scores = Scores(output);
        long[] choices = [.. state];
        for (var token = 0; token < state.Length; token++)
            if (state[token] == Mask)
                choices[token] = _chooser.IsRandom ? _chooser.Draw(scores, token / Length, token % Length, Length, step) : output.Best[token];
        return choices;
    }

    // Those of highest probability are kept until the share of visible tokens, of those that are not known from the start, is reached.
    private long[] MostConfident(long[] state, long[] choices, StepOutput output, double share)
    {
        var scores = Scores(output);
        long[] next = [.. state];
        for (var start = 0; start < state.Length; start += Length)
        {
            var confidence = new float[Length];
            for (var place = 0; place < Length; place++)
                confidence[place] = state[start + place] != Mask ? float.PositiveInfinity : scores.ProbabilityOf(start + place, choices[start + place]);
            foreach (var place in run.First(start, confidence, share))
                next[start + place] = choices[start + place];
        }
        return next;
    }

    // Each hidden token stays hidden with probability t′/t, or is drawn from p(x0), by the Gumbel trick.
    private long[] Revealed(long[] state, StepOutput output, double visible, double nextVisible, int step)
    {
        var scores = Scores(output);
        long[] next = [.. state];
        var (shares, uniforms) = (new float[Mask], new double[Mask + 1]);
        for (var token = 0; token < state.Length; token++)
        {
            if (state[token] != Mask)
                continue;
            _drawing.Sharpen(scores.Of(token), shares);
            run.Streams.Of(token / Length, step, NoisePurpose.Sampler).FillUniform(uniforms, (long)(token % Length) * uniforms.Length);
            var (best, highest) = (0, double.NegativeInfinity);
            for (var entry = 0; entry <= Mask; entry++)
            {
                // As in libtorch, shares are in single precision and the quotient in double.
                var share = entry == Mask ? (float)(1 - nextVisible) : shares[entry] * (float)(1 - visible - (1 - nextVisible));
                var value = share / (Tiny - Math.Log(uniforms[entry] + Tiny));
                if (value > highest)
                    (best, highest) = (entry, value);
            }
            next[token] = best;
        }
        return next;
    }

    private TokenScores Scores(StepOutput output) => new(output.Logits.GetTensorDataAsSpan<float>(), run.Model.Classes);
}
