namespace Tweedie.Images;

/// <summary>A part of an image, in pixels.</summary>
/// <param name="Left">The first column, 0 or more.</param>
/// <param name="Top">The first row, 0 or more.</param>
/// <param name="Width">Number of columns.</param>
/// <param name="Height">Number of rows.</param>
public readonly record struct CropBox(int Left, int Top, int Width, int Height);
