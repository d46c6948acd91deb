namespace Tweedie.Experiments.Cells;

/// <summary>Sentences and tokens on their way from noise.</summary>
/// <param name="Sentences">The first test images.</param>
/// <param name="Tokens">One token of each kind that occurs.</param>
public sealed record CaptionTraces(IReadOnlyList<CaptionTrace> Sentences, IReadOnlyList<TokenTrace> Tokens);
