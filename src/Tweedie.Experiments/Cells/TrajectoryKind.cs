namespace Tweedie.Experiments.Cells;

/// <summary>Why a trajectory is shown: the first one that fits.</summary>
public enum TrajectoryKind
{
    /// <summary>The first step's choice is wrong, the last one's right; of a caption's tokens, it changes once.</summary>
    Corrected,
    /// <summary>Every step makes the same, right choice; of a caption's tokens, it never changes.</summary>
    Stable,
    /// <summary>The choice changes more often than any other.</summary>
    Contested,
}
