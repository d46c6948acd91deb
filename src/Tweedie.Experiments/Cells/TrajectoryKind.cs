namespace Tweedie.Experiments.Cells;

/// <summary>Why a trajectory is shown: the first one that fits.</summary>
public enum TrajectoryKind
{
    /// <summary>The first step's choice is wrong and the last step's is right. A token of a caption changes once.</summary>
    Corrected,
    /// <summary>Every step makes the same, right choice. A token of a caption never changes.</summary>
    Stable,
    /// <summary>The choice changes more often than any other.</summary>
    Contested,
}
