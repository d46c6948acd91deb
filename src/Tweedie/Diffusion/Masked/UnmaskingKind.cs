namespace Tweedie.Diffusion.Masked;

/// <summary>The unmasking rules by name.</summary>
public enum UnmaskingKind
{
    /// <summary>The most confident tokens first (default).</summary>
    Confidence,
    /// <summary>Tokens at random, as the reverse process prescribes.</summary>
    Ancestral,
}
