using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>
/// The steps of an autoregressive model: each decides one token of every row, greedily or by a draw, from those before it. They end when all rows have ended. Behind the
/// end of a row, and in places that are not decided yet, stands the end token; the scores of those places mean nothing.
/// </summary>
/// <param name="run">The run.</param>
internal sealed class PrefixSteps(SamplingRun run)
{
    private readonly Chooser _chooser = new(run.Options, run.Streams);

    private int Length => run.Model.Tokens;

    private int Classes => run.Model.Classes;

    /// <summary>The stream of steps.</summary>
    public IEnumerable<OnnxStep> Run(CancellationToken cancellation)
    {
        var (plan, guidance, bias) = (OnnxSampling.Plan(run.Model, run.Options), run.Options.GuidanceOverSteps(), run.Bias());
        var (tokens, ended, scores) = (new long[run.Items * Length], new bool[run.Items], new float[run.Items * Length * Classes]);
        Array.Fill(tokens, run.End ?? 0);
        for (var place = 0; place < Length; place++)
        {
            cancellation.ThrowIfCancellationRequested();
            Decide(tokens, ended, scores, place, guidance.ScaleAt(place, Length), BiasAt(bias, place));
            var isLast = place + 1 == Length || ended.All(hasEnded => hasEnded);
            var decided = isLast ? Length : place + 1; // tokens before this place
            using var logits = OrtValue.CreateTensorValueFromMemory(scores, [run.Items, Length, Classes]);
            yield return new OnnxStep(place, Length, plan[place], isLast, run.Model, logits, [.. tokens], [.. Enumerable.Range(0, tokens.Length).Select(token => token % Length >= decided)]);

            if (isLast)
                yield break;
        }
    }

    private void Decide(long[] tokens, bool[] ended, float[] scores, int place, double guidance, (float[] Values, long[] Shape) bias)
    {
        long[] prefix = [.. tokens.Chunk(Length).SelectMany(row => row[..place])];
        using var output = run.Graphs.Run(inputs => inputs.Add("state", prefix, run.Items, place), run.Condition, guidance, bias, previous: null);
        var next = new TokenScores(output.Logits.GetTensorDataAsSpan<float>(), Classes);
        for (var item = 0; item < run.Items; item++)
        {
            next.Of(item).CopyTo(scores.AsSpan((item * Length + place) * Classes));
            var chosen = _chooser.IsRandom ? _chooser.Draw(next, item, place: 0, length: 1, place) : output.Best[item];
            tokens[item * Length + place] = ended[item] ? run.End ?? 0 : chosen;
            ended[item] |= chosen == run.End;
        }
    }

    // What is added to the scores of one place.
    private (float[] Values, long[] Shape) BiasAt((float[] Values, long[] Shape) bias, int place) => bias.Shape[1] == 1 ? bias
        : ([.. bias.Values.Chunk(Length * Classes).SelectMany(row => row.AsSpan(place * Classes, Classes).ToArray())], [bias.Shape[0], 1, Classes]);
}
