using System.Text.Json.Serialization;
using Tweedie.Experiments.Cells;

namespace Tweedie.Experiments.Exhibits;

/// <summary>A table or figure of the paper as it came out here; on disk <c>exhibits/NAME.json</c> with its figures beside it.</summary>
public sealed record Exhibit
{
    /// <summary>Its name on the command line, such as <c>table1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader has to know, one paragraph each.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>Its tables.</summary>
    public IReadOnlyList<ExhibitTable> Tables { get; init; } = [];

    /// <summary>Its figures.</summary>
    public IReadOnlyList<ExhibitFigure> Figures { get; init; } = [];

    /// <summary>The paper's claims that it examines.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>Claims that it settles by a rule.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>Its images with captions.</summary>
    public IReadOnlyList<CaptionedImage> Gallery { get; init; } = [];

    /// <summary>Single trajectories to step through.</summary>
    public IReadOnlyList<Trajectory> Trajectories { get; init; } = [];

    /// <summary>Whether there is nothing to show, for instance because no data set has what it needs.</summary>
    [JsonIgnore]
    public bool IsEmpty => Tables.Count + Figures.Count + Claims.Count + Gallery.Count + Trajectories.Count == 0;
}
