namespace Tweedie.Tokens;

/// <summary>Draws from a distribution over a few values.</summary>
internal static class Categorical
{
    /// <summary>An index in proportion to its weight; never one whose weight is 0.</summary>
    /// <param name="weights">Weights from 0 on, not all 0.</param>
    /// <param name="random">The generator.</param>
    public static int Draw(ReadOnlySpan<double> weights, SampleRandom random)
    {
        var sum = 0.0;
        foreach (var weight in weights)
            sum += weight;
        var (rest, last) = (random.NextDouble() * sum, -1);
        for (var index = 0; index < weights.Length; index++)
        {
            if (weights[index] == 0)
                continue;
            last = index;
            if (rest < weights[index])
                break;
            rest -= weights[index];
        }
        return last;
    }
}
