namespace Tweedie.Experiments.Cells;

/// <summary>One image and the way of its sentence from noise.</summary>
/// <param name="Item">The image's number in the test set.</param>
/// <param name="Png">The image.</param>
/// <param name="Truth">Its first human caption.</param>
/// <param name="Timesteps">t of each step, noisiest first.</param>
/// <param name="Sentences">What the chosen tokens of each step say, up to the end token.</param>
public sealed record CaptionTrace(int Item, byte[] Png, string Truth, IReadOnlyList<int> Timesteps, IReadOnlyList<string> Sentences);
