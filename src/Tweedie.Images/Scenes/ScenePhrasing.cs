namespace Tweedie.Images;

/// <summary>One of the ways to say what a scene shows; <see cref="SceneParser"/> understands them all.</summary>
/// <param name="Start">What the sentence begins with.</param>
/// <param name="Item">One shape, with {0} its size, {1} colour, {2} shape and {3} quarter.</param>
/// <param name="Small">The word for small.</param>
/// <param name="Large">The word for large.</param>
internal sealed record ScenePhrasing(string Start, string Item, string Small, string Large)
{
    public static IReadOnlyList<ScenePhrasing> All { get; } =
    [
        new("", "a {0} {1} {2} at the {3}", "small", "large"),
        new("there is ", "a {0} {1} {2} in the {3}", "little", "big"),
        new("", "in the {3} is a {0} {1} {2}", "tiny", "large"),
        new("", "at the {3} a {0} {1} {2}", "small", "big"),
    ];

    /// <summary>The caption of a scene: its shapes in reading order.</summary>
    public string Describe(Scene scene)
    {
        var items = scene.Objects.Select(Describe).ToList();
        var list = items.Count == 1 ? items[0] : $"{string.Join(", ", items.SkipLast(1))} and {items[^1]}";
        return $"{Start}{list}.";
    }

    private string Describe(SceneObject item) =>
        string.Format(null, Item, item.Size == SceneSize.Small ? Small : Large, item.Color, item.Shape, PlaceName(item.Place));

    internal static string PlaceName(ScenePlace place) => place switch
    {
        ScenePlace.TopLeft => "top left",
        ScenePlace.TopRight => "top right",
        ScenePlace.BottomLeft => "bottom left",
        _ => "bottom right",
    };
}
