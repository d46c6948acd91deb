namespace Tweedie.Sampling;

/// <summary>The use of random numbers. Numbers of different purposes are independent.</summary>
public enum NoisePurpose
{
    /// <summary>The noise of a state, or which tokens are hidden.</summary>
    State,
    /// <summary>The draws of a to-one rule.</summary>
    ToOne,
    /// <summary>Decisions of a sampler.</summary>
    Sampler,
    /// <summary>The noise of tokens that are known from the start.</summary>
    Known,
}
