using Tweedie.Experiments.Statistics;

namespace Tweedie.Experiments.Exhibits;

/// <summary>A claim of the paper that is settled by a computation or by a rule, and not by a difference with an interval.</summary>
/// <param name="Number">The number of the paper's claim (<see cref="Paper.PaperClaims"/>).</param>
/// <param name="Verdict">The verdict.</param>
/// <param name="Measured">What was found, with its numbers.</param>
/// <param name="Rule">The rule of the verdict.</param>
public sealed record Finding(string Number, Verdict Verdict, string Measured, string Rule);
