using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>Counts how many rows, and how many of their tokens that were not known, are what they should be.</summary>
public sealed class SolvedRows
{
    private long _rows;
    private long _rightRows;
    private long _tokens;
    private long _rightTokens;

    /// <summary>The share of rows without any wrong token; 0 where there are none.</summary>
    public double Rows => _rows == 0 ? 0 : (double)_rightRows / _rows;

    /// <summary>The share of right tokens among those that were not known; 0 where there are none.</summary>
    public double Tokens => _tokens == 0 ? 0 : (double)_rightTokens / _tokens;

    /// <summary>Both by the names that files give them.</summary>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double> { ["exactRows"] = Rows, ["exactTokens"] = Tokens };

    /// <summary>The numbers of rows, of right rows, of tokens and of right tokens.</summary>
    internal long[] Counts => [_rows, _rightRows, _tokens, _rightTokens];

    /// <summary>Adds what another process has counted.</summary>
    internal void Add(IReadOnlyList<long> counts) =>
        (_rows, _rightRows, _tokens, _rightTokens) = (_rows + counts[0], _rightRows + counts[1], _tokens + counts[2], _rightTokens + counts[3]);

    /// <summary>Adds a batch.</summary>
    /// <param name="answers">What the model gave, shape (B, N), int64.</param>
    /// <param name="solutions">What it should have given, of the same shape.</param>
    /// <param name="known">Which tokens it was told, shape (B, N), bool.</param>
    public void Add(Tensor answers, Tensor solutions, Tensor known)
    {
        ArgumentNullException.ThrowIfNull(answers);
        ArgumentNullException.ThrowIfNull(known);
        using var scope = NewDisposeScope();
        var right = answers == solutions;
        (_rows, _rightRows) = (_rows + answers.shape[0], _rightRows + right.all(1).sum().item<long>());
        var open = known.logical_not();
        (_tokens, _rightTokens) = (_tokens + open.sum().item<long>(), _rightTokens + right.logical_and(open).sum().item<long>());
    }
}
