namespace Tweedie.Sampling;

/// <summary>Which tokens masked diffusion decides first.</summary>
public enum UnmaskingKind
{
    /// <summary>The most confident tokens (default).</summary>
    Confidence,
    /// <summary>Tokens at random, as the reverse process prescribes.</summary>
    Ancestral,
}
