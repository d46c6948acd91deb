namespace Tweedie.Images;

/// <summary>
/// The tokens that a model should predict for an image, as for a caption of it. A pure function of its arguments, so that a run repeats
/// and continues exactly; may be called from several threads at once.
/// </summary>
/// <param name="epoch">The epoch's number: one of several captions can be drawn anew in each.</param>
/// <param name="index">The source's index of the image.</param>
/// <returns>N tokens, the same number for every image.</returns>
public delegate ReadOnlySpan<long> TargetRow(int epoch, int index);
