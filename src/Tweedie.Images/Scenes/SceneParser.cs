using System.Text.RegularExpressions;

namespace Tweedie.Images;

/// <summary>
/// Reads what a caption of a generated scene means, so that a model's sentence can be judged by its meaning and not by its words.
/// <code>
/// caption = ["there" ("is" | "are")] item {("," | "and" | "," "and") item} ["."]
/// item    = thing place | place ["is"] thing
/// thing   = ("a" | "an") size colour shape
/// place   = ("at" | "in") "the" ("top" | "bottom") ("left" | "right")
/// </code>
/// </summary>
public sealed partial class SceneParser
{
    private static readonly Dictionary<string, SceneSize> Sizes = new(StringComparer.Ordinal)
    {
        ["small"] = SceneSize.Small,
        ["little"] = SceneSize.Small,
        ["tiny"] = SceneSize.Small,
        ["large"] = SceneSize.Large,
        ["big"] = SceneSize.Large,
    };

    private readonly List<string> _words;
    private int _next;

    private SceneParser(string caption) => _words = [.. Word().Matches(caption.ToLowerInvariant()).Select(match => match.Value)];

    /// <summary>The meaning of a caption; null where it does not follow the grammar or describes no scene.</summary>
    public static Scene? Parse(string caption) => new SceneParser(caption).Caption();

    private Scene? Caption()
    {
        if (Take("there") && !Take("is", "are"))
            return null;
        var objects = new List<SceneObject>();
        do
        {
            if (Item() is not { } item)
                return null;
            objects.Add(item);
        }
        while (Take(",") | Take("and"));
        Take(".");
        var isScene = _next == _words.Count && objects.Count <= Scene.MaximumObjects
            && objects.DistinctBy(item => item.Place).Count() == objects.Count;
        return isScene ? new Scene(objects) : null;
    }

    private SceneObject? Item()
    {
        if (Peek("a", "an"))
            return Thing() is { } thing && Place() is { } behind ? thing with { Place = behind } : null;
        if (Place() is not { } place)
            return null;
        Take("is");
        return Thing() is { } named ? named with { Place = place } : null;
    }

    // The place is still to be filled in.
    private SceneObject? Thing() =>
        Take("a", "an") && Sizes.TryGetValue(Next(), out var size) && Next() is var color && Scene.Colors.Contains(color)
            && Next() is var shape && Scene.Shapes.Contains(shape)
            ? new SceneObject(default, size, color, shape) : null;

    private ScenePlace? Place()
    {
        if (!Take("at", "in") || !Take("the"))
            return null;
        return (Next(), Next()) switch
        {
            ("top", "left") => ScenePlace.TopLeft,
            ("top", "right") => ScenePlace.TopRight,
            ("bottom", "left") => ScenePlace.BottomLeft,
            ("bottom", "right") => ScenePlace.BottomRight,
            _ => null,
        };
    }

    private string Next() => _next < _words.Count ? _words[_next++] : "";

    private bool Peek(params ReadOnlySpan<string> words) => _next < _words.Count && words.Contains(_words[_next]);

    private bool Take(params ReadOnlySpan<string> words)
    {
        if (!Peek(words))
            return false;
        _next++;
        return true;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+|\S", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
