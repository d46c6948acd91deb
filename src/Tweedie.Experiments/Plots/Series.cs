namespace Tweedie.Experiments.Plots;

/// <summary>A line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="X">Where its points are.</param>
/// <param name="Y">Their values; with several seeds the mean.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y)
{
    /// <summary>The lowest and highest value at each point, over the seeds; drawn as a band.</summary>
    public IReadOnlyList<(double Low, double High)> Band { get; init; } = [];

    /// <summary>The number of the colour and mark in the palette; lines that belong together share it.</summary>
    public int Color { get; init; }

    /// <summary>How the line is drawn.</summary>
    public LineKind Line { get; init; }

    /// <summary>Whether the points are marked.</summary>
    public bool Marks { get; init; } = true;
}
