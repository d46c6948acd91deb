using Tweedie.Networks;

namespace Tweedie.Onnx;

/// <summary>Non-linearities, which older operator sets have no operator for.</summary>
internal static class Activations
{
    /// <summary>The non-linearity of a block's feed-forward part.</summary>
    public static Value Of(Value input, Activation activation) =>
        activation == Activation.QuickGelu ? input * (input * 1.702f).Apply("Sigmoid")
        : input.Graph.Opset >= 20 ? input.Apply("Gelu")
        : input * 0.5f * ((input * (float)Math.Sqrt(0.5)).Apply("Erf") + 1f);

    /// <summary>x·σ(x).</summary>
    public static Value Silu(Value input) => input * input.Apply("Sigmoid");
}
