namespace Tweedie.Experiments.Cells;

/// <summary>How well captions fit the test images according to a CLIP: one cosine per image.</summary>
/// <param name="Judge">The CLIP, in words.</param>
/// <param name="Truth">Each image with its first human caption.</param>
/// <param name="Shuffled">Each image with the first human caption of the image before it.</param>
/// <param name="Generated">For each caption cell and each of its sets, each image with its generated caption.</param>
public sealed record ClipScores(
    string Judge, IReadOnlyList<double> Truth, IReadOnlyList<double> Shuffled, IReadOnlyList<IReadOnlyList<IReadOnlyList<double>>> Generated);
