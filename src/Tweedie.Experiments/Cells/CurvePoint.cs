namespace Tweedie.Experiments.Cells;

/// <summary>A point of a training curve.</summary>
/// <param name="Epoch">Epochs done, with fractions.</param>
/// <param name="Value">The value there.</param>
public sealed record CurvePoint(double Epoch, double Value);
