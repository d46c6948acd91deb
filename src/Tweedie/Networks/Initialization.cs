using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>Layers with their initial weights: normal, truncated at two standard deviations, zero biases (as ViT in timm).</summary>
internal static class Initialization
{
    private const double Deviation = 0.02;

    public static Linear Linear(long inputs, long outputs, bool bias = true, double deviation = Deviation)
    {
        var layer = nn.Linear(inputs, outputs, bias);
        TruncatedNormal(layer.weight, deviation);
        if (layer.bias is not null)
            nn.init.zeros_(layer.bias);
        return layer;
    }

    public static LayerNorm LayerNorm(long width) => nn.LayerNorm(width, eps: 1e-6);

    public static Parameter Parameter(params ReadOnlySpan<long> shape)
    {
        var parameter = new Parameter(zeros(shape.ToArray()));
        TruncatedNormal(parameter, Deviation);
        return parameter;
    }

    public static void TruncatedNormal(Tensor tensor, double deviation)
    {
        using var noGrad = no_grad();
        nn.init.trunc_normal_(tensor, 0, deviation, -2 * deviation, 2 * deviation);
    }
}
