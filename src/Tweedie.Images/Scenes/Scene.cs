namespace Tweedie.Images;

/// <summary>
/// What a generated image shows and what a caption of it means: one to three shapes in different quarters. Two scenes are equal when they
/// hold the same shapes, in whatever order these are told.
/// </summary>
public sealed class Scene : IEquatable<Scene>
{
    /// <summary>The most shapes of a scene.</summary>
    public const int MaximumObjects = 3;

    /// <summary>Creates a scene.</summary>
    /// <exception cref="ArgumentException">There is no shape, there are more than three, or two lie in one quarter.</exception>
    public Scene(IEnumerable<SceneObject> objects)
    {
        Objects = [.. objects.OrderBy(item => item.Place)];
        if (Objects.Count is 0 or > MaximumObjects)
            throw new ArgumentException($"A scene has 1 to {MaximumObjects} shapes, not {Objects.Count}.", nameof(objects));
        if (Objects.DistinctBy(item => item.Place).Count() < Objects.Count)
            throw new ArgumentException("Two shapes of a scene lie in one quarter.", nameof(objects));
    }

    /// <summary>The words for shapes.</summary>
    public static IReadOnlyList<string> Shapes { get; } = ["circle", "ring", "square", "triangle", "cross"];

    /// <summary>The words for colours.</summary>
    public static IReadOnlyList<string> Colors { get; } = [.. SceneColor.All.Select(color => color.Name)];

    /// <summary>The shapes in reading order of their quarters.</summary>
    public IReadOnlyList<SceneObject> Objects { get; }

    /// <inheritdoc/>
    public bool Equals(Scene? other) => other is not null && Objects.SequenceEqual(other.Objects);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Scene);

    /// <inheritdoc/>
    public override int GetHashCode() => Objects.Aggregate(0, HashCode.Combine);

    /// <summary>A random scene: every number of shapes, and each of their properties, equally likely.</summary>
    internal static Scene Random(SampleRandom random)
    {
        var places = Enum.GetValues<ScenePlace>();
        random.Shuffle<ScenePlace>(places);
        return new Scene(places.Take(1 + random.NextInt(MaximumObjects)).Select(place => new SceneObject(
            place, (SceneSize)random.NextInt(2), Colors[random.NextInt(Colors.Count)], Shapes[random.NextInt(Shapes.Count)])));
    }
}
