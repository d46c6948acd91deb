using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>
/// What generated scenes show, as attributes: for each quarter of the image the shape that lies in it, its colour and its size, or that there is none. The attributes
/// of a quarter must agree with each other, and one to three quarters have a shape.
/// </summary>
/// <param name="scenes">The scenes.</param>
public sealed class SceneAttributes(SceneSource scenes) : IAnnotatedSource
{
    private const string None = "none";

    private static readonly ScenePlace[] Places = Enum.GetValues<ScenePlace>();
    private static readonly string[] Sizes = [.. Enum.GetValues<SceneSize>().Select(size => $"{size}".ToLowerInvariant())];

    private static readonly TokenColumns Attributes = new([.. Places.SelectMany(place => new TokenColumn[]
    {
        new($"{place} shape", [None, .. Scene.Shapes]), new($"{place} color", [None, .. Scene.Colors]), new($"{place} size", [None, .. Sizes]),
    })]);

    /// <inheritdoc/>
    public TokenColumns Columns => Attributes;

    /// <inheritdoc/>
    public string Name => scenes.Name;

    /// <inheritdoc/>
    public int Count => scenes.Count;

    /// <summary>Empty, because the images have attributes and no labels.</summary>
    public IReadOnlyList<string> ClassNames => [];

    /// <inheritdoc/>
    public bool HasLabel(int index) => false;

    /// <inheritdoc/>
    public int GetLabel(int index) => throw new TweedieException($"{Describe(index)}: has attributes and no label; a classifier needs labelled images.");

    /// <inheritdoc/>
    public void ReadRow(int index, Span<long> row)
    {
        if (row.Length != Columns.Count)
            throw new ArgumentException($"Expected {Columns.Count} places, got {row.Length}.", nameof(row));
        row.Clear(); // none
        foreach (var shape in scenes.GetScene(index).Objects)
        {
            var first = Array.IndexOf(Places, shape.Place) * 3;
            string[] entries = [shape.Shape, shape.Color, Sizes[(int)shape.Size]];
            foreach (var (offset, entry) in entries.Index())
                row[first + offset] = Columns.Find(first + offset, entry);
        }
    }

    /// <inheritdoc/>
    public RasterImage Read(int index) => scenes.Read(index);

    /// <inheritdoc/>
    public string Describe(int index) => scenes.Describe(index);
}
