namespace Tweedie.Images;

/// <summary>What lies outside an image.</summary>
public enum PadMode
{
    /// <summary>Black, the value 0.</summary>
    Zero,
    /// <summary>The image mirrored at its border pixels, which are not repeated.</summary>
    Reflect,
}
