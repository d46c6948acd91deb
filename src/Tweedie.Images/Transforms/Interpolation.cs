namespace Tweedie.Images;

/// <summary>How a value between pixels is found.</summary>
public enum Interpolation
{
    /// <summary>From the 2 x 2 nearest pixels, linearly.</summary>
    Bilinear,

    /// <summary>From the 4 x 4 nearest pixels, by cubics.</summary>
    Bicubic,
}
