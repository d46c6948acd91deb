namespace Tweedie.Sampling;

/// <summary>The to-one rules by name, as in configs and on the command line.</summary>
public enum ToOneKind
{
    /// <summary>The entry of highest score (default).</summary>
    Argmax,
    /// <summary>A draw from the softmax.</summary>
    Multinomial,
}
