namespace Tweedie.Tests.Experiments;

/// <summary>Tests that share one tiny reproduction; they train, so they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class SharedReproduction : ICollectionFixture<TinyReproduction>
{
    public const string Name = "a tiny reproduction";
}
