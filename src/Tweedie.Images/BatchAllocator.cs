namespace Tweedie.Images;

/// <summary>
/// Takes memory for one batch. An <see cref="ImageLoader"/> calls it in the thread that enumerates, and whoever gets the batch disposes of
/// the memory with it.
/// </summary>
/// <param name="shape">The shape of every image, (C, H, W).</param>
/// <param name="count">Images B, at least 1.</param>
/// <param name="targetsPerImage">Tokens N per image, at least 1; null for one label per image.</param>
/// <returns>Memory of these sizes, which may hold anything.</returns>
public delegate BatchMemory BatchAllocator(ImageShape shape, int count, int? targetsPerImage);
