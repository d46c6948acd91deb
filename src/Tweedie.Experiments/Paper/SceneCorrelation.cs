using Tweedie.Images;

namespace Tweedie.Experiments.Paper;

/// <summary>The total correlation of what is said about generated scenes, in bits: the sum of the tokens' entropies minus the entropy of the whole.</summary>
internal static class SceneCorrelation
{
    private const int Sampled = 20_000;
    private const int Places = 4;

    // One to three shapes in different quarters, all equally likely, each with one of two sizes.
    private static readonly double SceneEntropy = Enumerable.Range(1, Scene.MaximumObjects).Average(shapes =>
        Math.Log2(Scene.MaximumObjects) + Math.Log2(Choose(Places, shapes)) + shapes * OfAShape);

    private static double OfAShape => Math.Log2(Scene.Shapes.Count) + Math.Log2(Scene.Colors.Count) + 1;

    /// <summary>Of the twelve attributes of a scene; exact. Each quarter is empty in half of the scenes, and then its three attributes say so.</summary>
    public static double OfAttributes => Places * (3 * Binary(0.5) + 0.5 * OfAShape) - SceneEntropy;

    /// <summary>Of the words of a caption, place by place: the words' entropies are counted on generated captions, the caption's is exact.</summary>
    public static double OfCaptions()
    {
        var phrasings = SceneSource.MaximumPhrasings;
        var captions = Captions(phrasings).SelectMany(all => all).ToList();
        return Marginals(captions) - SceneEntropy - Math.Log2(phrasings);
    }

    /// <summary>The same once the scene is known: what is left to agree on is the phrasing.</summary>
    public static double OfCaptionsGivenTheScene()
    {
        var phrasings = SceneSource.MaximumPhrasings;
        return Captions(phrasings).Average(all => Marginals(all) - Math.Log2(phrasings));
    }

    private static IEnumerable<IReadOnlyList<string[]>> Captions(int phrasings)
    {
        var scenes = new SceneSource(Sampled / phrasings, seed: 1, phrasings: phrasings);
        return Enumerable.Range(0, scenes.Count).Select(index => (IReadOnlyList<string[]>)[.. scenes.GetCaptions(index).Select(caption => caption.Split(' '))]);
    }

    // The sum of the entropies of the words at each place; behind the last word, a place is empty.
    private static double Marginals(IReadOnlyList<string[]> captions) => Enumerable.Range(0, captions.Max(caption => caption.Length))
        .Sum(place => captions.CountBy(caption => place < caption.Length ? caption[place] : "").Sum(word => Surprise((double)word.Value / captions.Count)));

    private static double Binary(double share) => Surprise(share) + Surprise(1 - share);

    private static double Surprise(double share) => -share * Math.Log2(share);

    private static double Choose(int all, int some) => Enumerable.Range(1, some).Aggregate(1.0, (product, i) => product * (all - some + i) / i);
}
