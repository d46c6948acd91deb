using Tweedie.Experiments.Statistics;

namespace Tweedie.Experiments.Exhibits;

/// <summary>A claim of the paper and its measurement here.</summary>
/// <param name="Statement">The claim.</param>
/// <param name="Paper">The paper's evidence.</param>
/// <param name="Data">The data set it was examined on.</param>
/// <param name="Comparison">The measured difference.</param>
public sealed record Claim(string Statement, string Paper, string Data, Comparison Comparison)
{
    /// <summary>The number of the paper's claim that it examines (<see cref="Paper.PaperClaims"/>); null where it is none of the paper's.</summary>
    public string? Number { get; init; }
}
