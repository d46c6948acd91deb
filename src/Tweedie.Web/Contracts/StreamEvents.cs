namespace Tweedie.Web.Contracts;

/// <summary>The first event of a stream.</summary>
/// <param name="Id">The request's own number.</param>
/// <param name="Model">The model's name.</param>
/// <param name="Version">The beginning of the SHA-256 of its weights.</param>
/// <param name="Steps">Steps of the plan; of a text that is written part by part, its parts.</param>
/// <param name="Tokens">N.</param>
/// <param name="Seed">The seed.</param>
internal sealed record StartEvent(string Id, string Model, string Version, int Steps, int Tokens, long Seed);

/// <summary>A step of a stream; of a text that is written part by part, a part.</summary>
/// <param name="Index">0-based number of the step.</param>
/// <param name="Count">Steps of the plan.</param>
/// <param name="Timestep">t; null for a part.</param>
/// <param name="AlphaBar">ᾱ of the state that the network saw; null for a part.</param>
/// <param name="IsLast">Whether its tokens are the result.</param>
/// <param name="Tokens">The text of each place; of a part, of all places that have been written.</param>
/// <param name="Hidden">Whether each place is undecided; null where all places share one level.</param>
/// <param name="Text">What the step reads as; null for a row.</param>
/// <param name="Entries">The candidates of each place, best first; empty where none were asked for.</param>
internal sealed record StepEvent(
    int Index, int Count, int? Timestep, double? AlphaBar, bool IsLast, IReadOnlyList<string> Tokens, IReadOnlyList<bool>? Hidden, string? Text,
    IReadOnlyList<IReadOnlyList<TokenShare>> Entries);

/// <summary>An entry with its probability.</summary>
internal sealed record TokenShare(string Token, double Probability);
