namespace Tweedie.Experiments.Cells;

/// <summary>One image and the way of its label from noise.</summary>
/// <param name="Kind">Why it was picked.</param>
/// <param name="Item">The image's number in the test set.</param>
/// <param name="Label">The right class.</param>
/// <param name="Png">The image.</param>
/// <param name="Classes">The classes that are shown: all, or the ten that are most probable at some step.</param>
/// <param name="Steps">The steps, noisiest first.</param>
public sealed record Trajectory(
    TrajectoryKind Kind, int Item, string Label, byte[] Png, IReadOnlyList<string> Classes, IReadOnlyList<TrajectoryStep> Steps);
