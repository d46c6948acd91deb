namespace Tweedie.Experiments.Cells;

/// <summary>Why a trajectory is shown. Each kind shows the first test image that fits.</summary>
public enum TrajectoryKind
{
    /// <summary>The first step's choice is wrong, the last one's right.</summary>
    Corrected,
    /// <summary>Every step makes the same, right choice.</summary>
    Stable,
    /// <summary>The choice changes more often than for any other image.</summary>
    Contested,
}
