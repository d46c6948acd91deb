namespace Tweedie.Metrics;

/// <summary>ROUGE-L (Lin 2004): the longest common subsequence of candidate and reference as precision and recall.</summary>
public static class RougeL
{
    /// <summary>How much more recall weighs than precision.</summary>
    private const double Beta = 1.2;

    // The reference implementation splits at spaces, so an empty caption is one empty token.
    private static readonly string[] Empty = [""];

    /// <summary>The mean score over captions, in [0, 1]; NaN where there is no caption.</summary>
    public static double Evaluate(IEnumerable<TokenizedCaption> captions) => captions.Select(Score).DefaultIfEmpty(double.NaN).Average();

    /// <summary>
    /// One caption's F = (1 + β²)PR / (R + β²P) with the best precision P and the best recall R over the references, each taken by itself.
    /// </summary>
    public static double Score(TokenizedCaption caption)
    {
        double precision = 0, recall = 0;
        var candidate = OrEmpty(caption.Candidate);
        foreach (var tokens in caption.References)
        {
            var reference = OrEmpty(tokens);
            double common = CommonLength(candidate, reference);
            precision = Math.Max(precision, common / candidate.Count);
            recall = Math.Max(recall, common / reference.Count);
        }
        return precision > 0 ? (1 + Beta * Beta) * precision * recall / (recall + Beta * Beta * precision) : 0;
    }

    private static IReadOnlyList<string> OrEmpty(IReadOnlyList<string> tokens) => tokens.Count > 0 ? tokens : Empty;

    /// <summary>The length of the longest common subsequence, row by row.</summary>
    private static int CommonLength(IReadOnlyList<string> first, IReadOnlyList<string> second)
    {
        var above = new int[second.Count + 1];
        foreach (var token in first)
        {
            var row = new int[second.Count + 1];
            for (var column = 1; column <= second.Count; column++)
                row[column] = token == second[column - 1] ? above[column - 1] + 1 : Math.Max(above[column], row[column - 1]);
            above = row;
        }
        return above[^1];
    }
}
