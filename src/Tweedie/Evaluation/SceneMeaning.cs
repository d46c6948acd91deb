using Tweedie.Images;

namespace Tweedie.Evaluation;

/// <summary>Whether captions of generated scenes say what the images show, in any words.</summary>
public static class SceneMeaning
{
    /// <summary>The share of captions that mean the same scene as their reference; null where the references describe no generated scenes.</summary>
    public static double? RightShare(IReadOnlyList<string> captions, IReadOnlyList<string> references)
    {
        var meant = references.Select(SceneParser.Parse).ToList();
        return meant.Contains(null) ? null : captions.Zip(meant, (caption, scene) => scene!.Equals(SceneParser.Parse(caption)) ? 1.0 : 0).Average();
    }
}
