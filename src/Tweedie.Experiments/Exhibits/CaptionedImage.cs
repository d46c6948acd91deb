namespace Tweedie.Experiments.Exhibits;

/// <summary>An image with sentences about it.</summary>
/// <param name="Png">The image.</param>
/// <param name="Lines">The sentences, each with its source.</param>
public sealed record CaptionedImage(byte[] Png, IReadOnlyList<CaptionLine> Lines);
