namespace Tweedie.Sampling;

/// <summary>Which tokens of a row come first, where they go to lower noise one after the other.</summary>
public enum TokenOrder
{
    /// <summary>Those whose chosen entry is the most probable.</summary>
    Confidence,
    /// <summary>Those on the left.</summary>
    LeftToRight,
}
