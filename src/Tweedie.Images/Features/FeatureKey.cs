namespace Tweedie.Images;

/// <summary>What the features of a cache are known by.</summary>
/// <param name="Content">The hash of the image's decoded pixels.</param>
/// <param name="View">The number of the view.</param>
internal readonly record struct FeatureKey(UInt128 Content, int View);
