namespace Tweedie.Data;

/// <summary>A part of an image, in pixels.</summary>
internal readonly record struct CropBox(int Left, int Top, int Width, int Height);
