namespace Tweedie.Cli.Commands;

/// <summary>The distribution at one step of a trajectory.</summary>
internal sealed record TraceStep(int Step, int Timestep, double AlphaBar, string Choice, IReadOnlyList<double> Probabilities);
