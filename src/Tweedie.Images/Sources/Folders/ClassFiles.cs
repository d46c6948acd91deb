namespace Tweedie.Images;

/// <summary>The image files of a class.</summary>
/// <param name="Name">The class and its folder.</param>
/// <param name="Files">Paths relative to the class's folder, in ordinal order.</param>
internal sealed record ClassFiles(string Name, IReadOnlyList<string> Files);
