using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>The matrix products of one guided sampling step, with nothing between them. A step cannot be faster than these.</summary>
internal sealed class MatrixProducts
{
    private readonly Sizes _sizes;
    private readonly int _items;
    private readonly ScalarType _precision;
    private readonly List<(Tensor Left, Tensor Right, int Times)> _products = [];

    public MatrixProducts(Sizes sizes, int items, ScalarType precision)
    {
        (_sizes, _items, _precision) = (sizes, items, precision);
        var (tokens, width, blocks) = (items * sizes.Tokens, sizes.Width, sizes.Depth);
        Add(1, tokens, width, width);                  // the noise: L·z
        foreach (var keys in new[] { sizes.ConditionTokens + sizes.Tokens, 1 + sizes.Tokens }) // conditional, unconditional
        {
            AddEach(blocks, tokens, width, 3 * width); // queries, keys, values
            AddEach(blocks, tokens, width, width);     // projection
            AddEach(blocks, tokens, width, 4 * width); // MLP
            AddEach(blocks, tokens, 4 * width, width);
            AddAttention(blocks, keys);
        }
        Add(1, tokens, width, sizes.Classes);          // the vocabulary
    }

    /// <summary>Computes the products of some steps.</summary>
    public void Multiply(int steps)
    {
        using var noGrad = no_grad();
        for (var step = 0; step < steps; step++)
            foreach (var (left, right, times) in _products)
                for (var i = 0; i < times; i++)
                    matmul(left, right).Dispose();
    }

    // Each block has its own matrix, as in the network, so that the matrices do not stay in the cache.
    private void AddEach(int blocks, int rows, int inner, int columns)
    {
        for (var block = 0; block < blocks; block++)
            Add(1, rows, inner, columns);
    }

    private void Add(int times, int rows, int inner, int columns) =>
        _products.Add((randn(rows, inner).to(_precision), randn(columns, inner).to(_precision).t(), times));

    private void AddAttention(int blocks, int keys)
    {
        var (heads, each) = (_items * _sizes.Heads, _sizes.Width / _sizes.Heads);
        _products.Add((randn(heads, _sizes.Tokens, each).to(_precision), randn(heads, keys, each).to(_precision).transpose(1, 2), blocks));
        _products.Add((randn(heads, _sizes.Tokens, keys).to(_precision), randn(heads, keys, each).to(_precision), blocks));
    }
}
