using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Estimates of −log p of items, or of an upper bound of it, as plain numbers.</summary>
public sealed class LikelihoodEstimate
{
    private readonly List<double[]> _nats = [];
    private readonly List<int> _counts = [];
    private double _start, _path, _end;

    /// <summary>Begins with no items.</summary>
    /// <param name="draws">The noise levels that are drawn for each item; 0 where −log p is exact.</param>
    public LikelihoodEstimate(int draws) => Draws = draws;

    /// <summary>The noise levels that were drawn for each item; 0 where −log p is exact.</summary>
    public int Draws { get; }

    /// <summary>Whether the numbers are −log p itself and not the estimate of an upper bound.</summary>
    public bool IsExact => Draws == 0;

    /// <summary>
    /// The nats of each token of each item. Their sum over an item is its estimate. A single token's number is a −log p, given the tokens before it, only where
    /// <see cref="IsExact"/> holds.
    /// </summary>
    public IReadOnlyList<double[]> Tokens => _nats;

    /// <summary>The nats of each item.</summary>
    public IReadOnlyList<double> Items => [.. _nats.Select(tokens => tokens.Sum())];

    /// <summary>The mean over the items of the first term, of what the levels between cost, and of the last term (<see cref="LikelihoodTerms"/>).</summary>
    public (double Start, double Path, double End) MeanTerms => (_start / _nats.Count, _path / _nats.Count, _end / _nats.Count);

    /// <summary>Adds items.</summary>
    /// <param name="terms">The terms of B items.</param>
    /// <param name="known">Which tokens were known, shape (B, N), bool, and so have no nats; null where none were.</param>
    public void Add(LikelihoodTerms terms, Tensor? known = null)
    {
        ArgumentNullException.ThrowIfNull(terms);
        using var scope = NewDisposeScope();
        using var nats = terms.Nats();
        _nats.AddRange(nats.cpu().data<double>().ToArray().Chunk((int)nats.shape[1]));
        using var open = known is null ? ones(nats.shape, int64) : known.logical_not().to(int64).cpu();
        using var counts = open.sum(1);
        _counts.AddRange(counts.data<long>().Select(count => (int)count));
        _start += terms.Start.sum().item<double>();
        _path += terms.Path.sum().item<double>();
        _end += terms.End.sum().item<double>();
    }

    /// <summary>Adds the items of another estimate of as many draws.</summary>
    /// <param name="other">The estimate.</param>
    public void Add(LikelihoodEstimate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        _nats.AddRange(other._nats);
        _counts.AddRange(other._counts);
        (_start, _path, _end) = (_start + other._start, _path + other._path, _end + other._end);
    }

    /// <summary>All numbers, to be sent to another process.</summary>
    internal PlainNumbers Numbers => new(_nats, _counts, _start, _path, _end);

    /// <summary>Adds the items of another process.</summary>
    internal void Add(PlainNumbers numbers)
    {
        _nats.AddRange(numbers.Nats);
        _counts.AddRange(numbers.Counts);
        (_start, _path, _end) = (_start + numbers.Start, _path + numbers.Path, _end + numbers.End);
    }

    internal sealed record PlainNumbers(IReadOnlyList<double[]> Nats, IReadOnlyList<int> Counts, double Start, double Path, double End);

    /// <summary>The summary over independent items, which counts all of their tokens that were not known.</summary>
    /// <exception cref="InvalidOperationException">There are no items.</exception>
    public LikelihoodSummary Summary() => LikelihoodSummary.Of(this, _counts, [.. Enumerable.Range(0, _nats.Count).Select(item => (long)item)]);
}
