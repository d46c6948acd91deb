using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// Creates layers with their initial weights, as in DiT and MAR. Linear layers are Xavier uniform. Tokens, positions and output layers are normal with
/// deviation 0.02, truncated at two deviations. Biases are zero.
/// </summary>
internal static class Initialization
{
    private const double Deviation = 0.02;

    /// <summary>A hidden layer.</summary>
    public static Linear Linear(long inputs, long outputs, bool hasBias = true)
    {
        var layer = nn.Linear(inputs, outputs, hasBias);
        nn.init.xavier_uniform_(layer.weight);
        if (hasBias)
            nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>An output layer: its first predictions are close to uniform.</summary>
    public static Linear OutputLayer(long inputs, long outputs)
    {
        var layer = nn.Linear(inputs, outputs);
        TruncatedNormal(layer.weight, Deviation);
        nn.init.zeros_(layer.bias!);
        return layer;
    }

    /// <summary>A layer without bias that gives zero until it has learned something.</summary>
    public static Linear ZeroLayer(long inputs, long outputs)
    {
        var layer = nn.Linear(inputs, outputs, hasBias: false);
        nn.init.zeros_(layer.weight);
        return layer;
    }

    /// <summary>A table of token embeddings.</summary>
    public static Embedding Embedding(long entries, long width)
    {
        var layer = nn.Embedding(entries, width);
        TruncatedNormal(layer.weight!, Deviation);
        return layer;
    }

    public static LayerNorm LayerNorm(long width, double epsilon = 1e-6) => nn.LayerNorm(width, eps: epsilon);

    /// <summary>A stack of blocks. Stochastic depth rises linearly from 0 at the first block.</summary>
    public static ModuleList<TransformerBlock> Blocks(TransformerOptions options, BlockStyle? style = null, double dropPath = 0, double dropout = 0) =>
        new([.. Enumerable.Range(0, options.Depth).Select(layer => new TransformerBlock(
            options.Width, options.Heads, options.MlpRatio, dropPath * layer / Math.Max(1, options.Depth - 1), style, dropout))]);

    /// <summary>
    /// Gives the patches' positions sinusoids to begin with, which short trainings learn faster from than from noise (Beyer et al. 2022).
    /// </summary>
    /// <param name="positions">All positions, shape (…, tokens, d), the patches' last.</param>
    /// <param name="options">The image's size.</param>
    public static void SetPatchPositions(Tensor positions, ImageTransformerOptions options)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        positions.narrow(-2, positions.shape[^2] - options.Patches, options.Patches).copy_(SinusoidGrid.Create(options.ImageSize / options.PatchSize, options.Width));
    }

    /// <summary>Gives the positions of tokens in a row, shape (1, N, d), sinusoids to begin with (Vaswani et al. 2017).</summary>
    public static void SetPositions(Tensor positions)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var sinusoids = SinusoidGrid.CreateRow((int)positions.shape[1], (int)positions.shape[2]);
        positions.copy_(sinusoids.unsqueeze(0));
    }

    public static Parameter Parameter(params ReadOnlySpan<long> shape)
    {
        var parameter = new Parameter(zeros(shape.ToArray()));
        TruncatedNormal(parameter, Deviation);
        return parameter;
    }

    /// <summary>
    /// Draws normal numbers with the given deviation, truncated at two deviations, by inverting the distribution function.
    /// (TorchSharp 0.107's own <c>trunc_normal_</c> leaves zeros.)
    /// </summary>
    public static void TruncatedNormal(Tensor tensor, double deviation)
    {
        const double reach = 0.9544997361036416; // erf(2/√2)
        using var noGrad = no_grad();
        tensor.uniform_(-reach, reach).erfinv_().Scale(deviation * Math.Sqrt(2));
    }
}
