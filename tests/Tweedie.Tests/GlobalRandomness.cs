namespace Tweedie.Tests;

/// <summary>Tests that seed torch's global generator or change other state of the process; they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlobalRandomness
{
    public const string Name = "global randomness";
}
