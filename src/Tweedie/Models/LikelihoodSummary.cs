using Tweedie.Metrics;

namespace Tweedie.Models;

/// <summary>−log p of a set of items in a few numbers, or the estimate of an upper bound of it.</summary>
/// <param name="Items">The number of items.</param>
/// <param name="Tokens">The number of tokens that the nats are shared out to.</param>
/// <param name="NatsPerItem">Σ nats / items. The standard error is over independent groups of items, and holds the noise of the estimate too.</param>
/// <param name="NatsPerToken">Σ nats / Σ tokens.</param>
/// <param name="Draws">The noise levels that were drawn for each item; 0 where −log p is exact.</param>
public sealed record LikelihoodSummary(int Items, long Tokens, RatioOfSums NatsPerItem, RatioOfSums NatsPerToken, int Draws)
{
    /// <summary>Whether this is −log p itself and not the estimate of an upper bound.</summary>
    public bool IsExact => Draws == 0;

    /// <summary>Nats per token / ln 2.</summary>
    public double BitsPerToken => NatsPerToken.Value / Math.Log(2);

    /// <summary>Summarises items.</summary>
    /// <param name="estimate">The items.</param>
    /// <param name="tokens">The tokens of each item that its nats are shared out to, for instance its words without padding.</param>
    /// <param name="groups">The group of each item, for instance the image of a caption: items of one group are not independent.</param>
    /// <exception cref="ArgumentException">The numbers of items differ.</exception>
    /// <exception cref="InvalidOperationException">There are no items.</exception>
    public static LikelihoodSummary Of(LikelihoodEstimate estimate, IReadOnlyList<int> tokens, IReadOnlyList<long> groups)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(groups);
        var nats = estimate.Items;
        if (nats.Count == 0)
            throw new InvalidOperationException("There are no items to summarise.");
        if (tokens.Count != nats.Count || groups.Count != nats.Count)
            throw new ArgumentException($"{nats.Count} items have {tokens.Count} numbers of tokens and {groups.Count} groups.", nameof(tokens));
        var parts = Enumerable.Range(0, nats.Count).GroupBy(item => groups[item]).ToList();
        double[] Sums(Func<int, double> of) => [.. parts.Select(part => part.Sum(of))];
        var sums = Sums(item => nats[item]);
        return new(nats.Count, tokens.Sum(count => (long)count), RatioOfSums.Of(sums, Sums(_ => 1)), RatioOfSums.Of(sums, Sums(item => tokens[item])), estimate.Draws);
    }
}
