namespace Tweedie.Experiments.Cells;

/// <summary>One image and its sentence's way from noise.</summary>
/// <param name="Item">The image's number in the test set.</param>
/// <param name="Png">The image.</param>
/// <param name="Truth">Its first human caption.</param>
/// <param name="Steps">The sentence at each step, noisiest first.</param>
public sealed record CaptionTrace(int Item, byte[] Png, string Truth, IReadOnlyList<SentenceStep> Steps);
