namespace Tweedie.Images;

/// <summary>How an image of any proportions becomes a square.</summary>
public enum ImageFit
{
    /// <summary>It keeps its proportions: the shorter side is resized, and the centre of the longer one is cut out.</summary>
    ShorterSide,

    /// <summary>Both sides are resized, so that all of the image is seen, out of proportion.</summary>
    Stretch,
}
