using Tweedie.Images;
using Tweedie.Metrics;

namespace Tweedie.Evaluation.Captions;

/// <summary>Generated captions beside the images they are of.</summary>
/// <param name="Pairs">Each image that has both, with its generated caption, in the order of the results.</param>
/// <param name="WithoutReference">Generated captions left out because nobody captioned their image.</param>
/// <param name="WithoutResult">Images of the references that have no generated caption.</param>
public sealed record MatchedCaptions(IReadOnlyList<(CaptionedImage Image, string Caption)> Pairs, int WithoutReference, int WithoutResult)
{
    /// <summary>Matches results with references by the images' ids.</summary>
    /// <exception cref="TweedieException">A result is of an image that the references do not list, or none has a reference.</exception>
    public static MatchedCaptions Match(IReadOnlyList<CaptionResult> results, CocoCaptions references)
    {
        var unknown = results.Where(result => references.Find(result.ImageId) is null).Select(result => result.ImageId).ToList();
        if (unknown.Count > 0)
            throw new TweedieException($"{references.Name}: does not list {unknown.Count} of the {results.Count} results' images, such as image_id "
                + $"{string.Join(", ", unknown.Take(3))}; give the references of the data set that was captioned.");
        var pairs = results.Select(result => (Image: references.Find(result.ImageId)!, result.Caption))
            .Where(pair => pair.Image.Captions.Count > 0).ToList();
        if (pairs.Count == 0)
            throw new TweedieException($"{references.Name}: none of the {results.Count} results' images has a caption.");
        return new(pairs, results.Count - pairs.Count, references.Images.Count - results.Count);
    }

    /// <summary>The scores against the references.</summary>
    public CaptionScores Score() => CaptionScores.Of([.. Pairs.Select(pair => TokenizedCaption.Of(pair.Caption, pair.Image.Captions))]);
}
