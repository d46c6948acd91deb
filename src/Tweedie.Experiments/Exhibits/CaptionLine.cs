namespace Tweedie.Experiments.Exhibits;

/// <summary>A sentence about an image.</summary>
/// <param name="Label">Who says it, or when.</param>
/// <param name="Sentence">What it says.</param>
public sealed record CaptionLine(string Label, string Sentence);
