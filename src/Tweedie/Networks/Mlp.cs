using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>A hidden layer, <c>fc1</c>, GELU, <c>fc2</c>: a block's feed-forward part, or a head.</summary>
internal sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Activation _activation;

    /// <summary>Creates the layers.</summary>
    /// <param name="width">d.</param>
    /// <param name="hidden">Width of the hidden layer.</param>
    /// <param name="activation">The non-linearity.</param>
    /// <param name="outputs">For a head, the number of its outputs; d if null.</param>
    public Mlp(int width, int hidden, Activation activation = Activation.Gelu, long? outputs = null) : base(nameof(Mlp))
    {
        _activation = activation;
        fc1 = Initialization.Linear(width, hidden);
        fc2 = outputs is { } count ? Initialization.OutputLayer(hidden, count) : Initialization.Linear(hidden, width);
        RegisterComponents();
    }

    /// <summary>(…, d) → (…, d), or the outputs of a head.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(Activate(fc1.forward(input))).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor hidden) =>
        _activation == Activation.Gelu ? functional.gelu(hidden) : hidden * functional.sigmoid(hidden.Times(1.702));
}
