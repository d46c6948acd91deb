namespace Tweedie.Experiments.Plots;

/// <summary>How a line is drawn.</summary>
public enum LineKind
{
    /// <summary>Without gaps.</summary>
    Solid,
    /// <summary>With gaps.</summary>
    Dashed,
    /// <summary>With dots.</summary>
    Dotted,
    /// <summary>With gaps and a dot in each.</summary>
    DashDotted,
}
