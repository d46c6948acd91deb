namespace Tweedie.Images;

/// <summary>A generated caption.</summary>
/// <param name="ImageId">The data set's id of the image.</param>
/// <param name="Caption">The caption; may be empty.</param>
public sealed record CaptionResult(long ImageId, string Caption);
