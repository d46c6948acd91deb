using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;

namespace Tweedie.Experiments.Paper;

/// <summary>A table or figure: the cells that it needs, and the exhibit that it makes of their results.</summary>
public interface IExperiment
{
    /// <summary>Its name on the command line, such as <c>table1</c>.</summary>
    string Name { get; }

    /// <summary>Its title.</summary>
    string Title { get; }

    /// <summary>The cells it needs; other experiments may need the same.</summary>
    IEnumerable<ICell> Cells(Study study);

    /// <summary>Makes the exhibit from the finished cells.</summary>
    Exhibit Create(ExhibitContext context);
}
