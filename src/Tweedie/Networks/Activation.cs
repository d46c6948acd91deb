namespace Tweedie.Networks;

/// <summary>The non-linearity of a block's feed-forward part.</summary>
public enum Activation
{
    /// <summary>GELU in its erf form.</summary>
    Gelu,
    /// <summary>x·σ(1.702x), the approximation that OpenAI's CLIP was trained with.</summary>
    QuickGelu,
}
