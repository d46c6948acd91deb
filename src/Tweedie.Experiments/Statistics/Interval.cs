namespace Tweedie.Experiments.Statistics;

/// <summary>An interval of a difference.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public sealed record Interval(double Low, double High);
