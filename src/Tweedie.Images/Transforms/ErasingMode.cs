namespace Tweedie.Images;

/// <summary>What <see cref="RandomErasing"/> puts into a block.</summary>
public enum ErasingMode
{
    /// <summary>A standard normal draw for each value.</summary>
    Pixel,

    /// <summary>0, the mean colour after normalization.</summary>
    Const,

    /// <summary>One colour for the block: a standard normal draw for each channel.</summary>
    Random,
}
