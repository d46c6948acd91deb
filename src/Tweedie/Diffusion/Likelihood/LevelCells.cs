namespace Tweedie.Diffusion;

/// <summary>
/// An integral ∫ f(c) dc over a coordinate that rises from noise to clean, in cells: a draw picks a cell by its probability, and then a place in it. With the
/// weight (width of the cell)/(its probability), the mean of f(c)·weight is the integral, whatever the probabilities are. In the discrete form each cell is
/// a step of sampling, and its f is taken at its noisy end.
/// </summary>
internal sealed class LevelCells
{
    private readonly IReadOnlyList<double> _edges;
    private readonly double[] _cumulative;
    private readonly bool _areSteps;

    /// <summary>Creates the cells.</summary>
    /// <param name="edges">The ends of the cells, rising; one more than there are cells.</param>
    /// <param name="weights">The probability of each cell up to a common factor, above 0.</param>
    /// <param name="areSteps">Whether this is the discrete form.</param>
    public LevelCells(IReadOnlyList<double> edges, IEnumerable<double> weights, bool areSteps)
    {
        (_edges, _areSteps) = (edges, areSteps);
        var sum = 0.0;
        double[] cumulative = [0, .. weights.Select(weight => sum += weight)];
        _cumulative = Array.ConvertAll(cumulative, value => value / sum);
        if (_cumulative.Length != edges.Count)
            throw new ArgumentException($"{edges.Count} edges are not those of {_cumulative.Length - 1} cells.", nameof(weights));
    }

    /// <summary>The number of cells; 0 where sampling has one step, which leads nowhere.</summary>
    public int Count => _edges.Count - 1;

    /// <summary>The probability of a cell.</summary>
    public double Probability(int cell) => _cumulative[cell + 1] - _cumulative[cell];

    /// <summary>The coordinate below which a share of the probability lies, and what f counts there.</summary>
    /// <param name="share">0 to 1, uniform.</param>
    public (double At, double Weight) Draw(double share)
    {
        var place = Array.BinarySearch(_cumulative, share);
        var cell = Math.Clamp(place < 0 ? ~place - 1 : place, 0, Count - 1);
        var (from, width, probability) = (_edges[cell], _edges[cell + 1] - _edges[cell], Probability(cell));
        return (_areSteps ? from : from + width * Math.Clamp((share - _cumulative[cell]) / probability, 0, 1), width / probability);
    }
}
