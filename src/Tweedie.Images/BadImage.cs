namespace Tweedie.Images;

/// <summary>An image that could not be read.</summary>
/// <param name="Index">The source's index of the image.</param>
/// <param name="Reason">What is wrong with it, in a line that names it.</param>
public sealed record BadImage(int Index, string Reason);
