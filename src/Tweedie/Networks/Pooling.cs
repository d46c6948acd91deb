namespace Tweedie.Networks;

/// <summary>How the encoder's tokens become the condition (paper §3.3).</summary>
public enum Pooling
{
    /// <summary>The class tokens of the last layer.</summary>
    ClassToken,
    /// <summary>The mean of the patch tokens.</summary>
    Mean,
}
