namespace Tweedie.Tokens;

/// <summary>A predicted attribute of an image.</summary>
/// <param name="Name">The column.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Probability">What the network gives it, 0 to 1; 1 where it was known.</param>
public sealed record Annotation(string Name, string Entry, double Probability)
{
    /// <summary>The attributes of images.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="tokens">A row of ids for each image, one after the other.</param>
    /// <param name="probabilities">What the network gives each of them.</param>
    public static IReadOnlyList<IReadOnlyList<Annotation>> Of(TokenColumns columns, IReadOnlyList<long> tokens, IReadOnlyList<float> probabilities)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(probabilities);
        return [.. tokens.Chunk(columns.Count).Zip(probabilities.Chunk(columns.Count),
            (row, shares) => (IReadOnlyList<Annotation>)[.. row.Select((id, place) => new Annotation(columns[place].Name, columns[place].Entries[(int)id], shares[place]))])];
    }
}
