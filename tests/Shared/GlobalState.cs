namespace Tweedie.Tests;

/// <summary>Tests that seed torch's global generator or change its default device; they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class GlobalState
{
    public const string Name = "global state of torch";
}
