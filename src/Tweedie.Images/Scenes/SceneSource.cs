namespace Tweedie.Images;

/// <summary>
/// Generated images of one to three shapes with colour, size and place, captioned by a small grammar (<see cref="SceneParser"/>), so that a
/// captioner can be judged by what it says and not by how it says it. An image and its captions are a pure function of the seed and its index.
/// </summary>
public sealed class SceneSource : ICaptionSource
{
    /// <summary>The smallest height and width in pixels: below it, a small circle cannot be told from a small square.</summary>
    public const int MinimumSize = 32;

    /// <summary>The largest height and width in pixels.</summary>
    public const int MaximumSize = 128;

    private readonly int _size;
    private readonly long _seed;
    private readonly int _phrasings;

    /// <summary>Creates a set of images; none is drawn before it is read.</summary>
    /// <param name="count">Number of images, at least 1.</param>
    /// <param name="size">Height and width, <see cref="MinimumSize"/> to <see cref="MaximumSize"/> pixels.</param>
    /// <param name="seed">The seed of the images.</param>
    /// <param name="phrasings">Captions per image, 1 to <see cref="MaximumPhrasings"/>.</param>
    public SceneSource(int count, int size = 32, long seed = 0, int phrasings = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, MinimumSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, MaximumSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(phrasings);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(phrasings, MaximumPhrasings);
        (Count, _size, _seed, _phrasings) = (count, size, seed, phrasings);
    }

    /// <summary>The number of ways to say what a scene shows.</summary>
    public static int MaximumPhrasings => ScenePhrasing.All.Count;

    /// <inheritdoc/>
    public string Name => "scenes";

    /// <inheritdoc/>
    public int Count { get; }

    /// <summary>The number of shapes.</summary>
    public IReadOnlyList<string> ClassNames { get; } = ["one shape", "two shapes", "three shapes"];

    /// <summary>What an image shows.</summary>
    public Scene GetScene(int index) => Scene.Random(Random(index));

    /// <inheritdoc/>
    public int GetLabel(int index) => GetScene(index).Objects.Count - 1;

    /// <inheritdoc/>
    public long GetId(int index) => index;

    /// <inheritdoc/>
    public IReadOnlyList<string> GetCaptions(int index)
    {
        var scene = GetScene(index);
        return [.. ScenePhrasing.All.Take(_phrasings).Select(phrasing => phrasing.Describe(scene))];
    }

    /// <inheritdoc/>
    public RasterImage Read(int index)
    {
        var random = Random(index);
        return ScenePainter.Paint(Scene.Random(random), _size, random);
    }

    /// <inheritdoc/>
    public string Describe(int index) => $"generated scene {index} (seed {_seed})";

    private SampleRandom Random(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        return new(Seeds.Derive(_seed, SeedPurpose.Generate, index));
    }
}
