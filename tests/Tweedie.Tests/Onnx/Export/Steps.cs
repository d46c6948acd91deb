using Tweedie.Diffusion;
using Tweedie.Onnx;

namespace Tweedie.Tests.Onnx;

/// <summary>Compares the steps of a model in libtorch with those of its export.</summary>
internal static class Steps
{
    /// <summary>Asserts that both streams have the same steps: scores within the tolerance at each of them, and the same tokens.</summary>
    /// <param name="exported">The steps of the export.</param>
    /// <param name="tolerance">How far scores may differ.</param>
    /// <param name="expected">The steps in libtorch.</param>
    /// <param name="decided">Whether only the scores of places that are decided count, as in an autoregressive model.</param>
    public static void ShouldBeWithin(this IEnumerable<OnnxStep> exported, double tolerance, IEnumerable<DenoisingStep> expected, bool decided = false)
    {
        using var steps = exported.GetEnumerator();
        var count = 0;
        foreach (var step in expected)
        {
            steps.MoveNext().Should().BeTrue();
            using var scores = step.Logits.All();
            steps.Current.Scores.Of(0).Length.Should().Be((int)step.Logits.Classes);
            var (own, others) = (steps.Current.Snapshot(top: 2), step.Snapshot(top: 2));
            bool[] counts = [.. own.Tokens.SelectMany((row, item) => row.Select((_, place) => !decided || !own.Hidden![item][place]))];
            Largest(steps.Current, [.. scores.data<float>()], counts).Should().BeLessThanOrEqualTo((float)tolerance, $"of step {count}");
            own.Tokens.Should().BeEquivalentTo(others.Tokens, options => options.WithStrictOrdering(), $"of step {count}");
            own.Hidden.Should().BeEquivalentTo(others.Hidden, options => options.WithStrictOrdering());
            own.Entries.SelectMany(row => row).Where((_, place) => counts[place]).Should().BeEquivalentTo(others.Entries.SelectMany(row => row).Where((_, place) => counts[place]), options => options.WithStrictOrdering());
            (own.Index, own.Count, own.Timestep, own.AlphaBar, own.IsLast).Should().Be((others.Index, others.Count, others.Timestep, others.AlphaBar, others.IsLast));
            count++;
        }
        steps.MoveNext().Should().BeFalse();
        count.Should().BePositive();
    }

    private static float Largest(OnnxStep step, float[] expected, bool[] counts)
    {
        var scores = step.Scores;
        var largest = 0f;
        for (var token = 0; token < scores.Count; token++)
            for (var entry = 0; counts[token] && entry < scores.Classes; entry++)
            {
                var other = expected[token * scores.Classes + entry];
                largest = Math.Max(largest, Math.Abs(scores.Of(token)[entry] - other) / Math.Max(1, Math.Abs(other) / 100)); // of great numbers, such as evidence of clean states, float32 keeps fewer digits
            }
        return largest;
    }
}
