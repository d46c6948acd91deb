namespace Tweedie.Experiments.Statistics;

/// <summary>What the measurements say about a claim that one thing is better than another.</summary>
public enum Verdict
{
    /// <summary>The difference is as claimed.</summary>
    Holds,
    /// <summary>The difference is the other way round.</summary>
    DoesNotHold,
    /// <summary>The difference is no larger than the margin (<see cref="Comparison.Margin"/>), in either direction.</summary>
    NoLarger,
    /// <summary>The measurements show none of these.</summary>
    CannotTell,
}
