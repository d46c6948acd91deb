namespace Tweedie.Cli.Commands;

/// <summary>A class with its probability, and the deviation between draws when there were several.</summary>
internal sealed record ClassProbability(string Name, double Probability, double? Deviation);
