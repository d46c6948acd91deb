namespace Tweedie.Images;

/// <summary>An image with the captions that people gave it.</summary>
/// <param name="Id">The data set's id of the image.</param>
/// <param name="FileName">Its file, relative to the folder of images.</param>
/// <param name="Captions">Its captions, in the file's order; may be empty.</param>
public sealed record CaptionedImage(long Id, string FileName, IReadOnlyList<string> Captions);
