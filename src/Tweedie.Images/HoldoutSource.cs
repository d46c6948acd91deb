namespace Tweedie.Images;

/// <summary>Where the images come from that a training holds out for choosing between models.</summary>
public enum HoldoutSource
{
    /// <summary>Training images that are set aside.</summary>
    Train,
    /// <summary>The validation part of the data.</summary>
    Validation,
}
