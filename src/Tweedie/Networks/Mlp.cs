using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>The block's feed-forward part: <c>fc1</c>, GELU, <c>fc2</c>.</summary>
internal sealed class Mlp : Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Linear fc2;
    private readonly Activation _activation;

    /// <summary>Creates the layer.</summary>
    public Mlp(int width, int hidden, Activation activation = Activation.Gelu) : base(nameof(Mlp))
    {
        _activation = activation;
        fc1 = Initialization.Linear(width, hidden);
        fc2 = Initialization.Linear(hidden, width);
        RegisterComponents();
    }

    /// <summary>(…, d) → (…, d).</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return fc2.forward(Activate(fc1.forward(input))).MoveToOuterDisposeScope();
    }

    private Tensor Activate(Tensor hidden) =>
        _activation == Activation.Gelu ? functional.gelu(hidden) : hidden * functional.sigmoid(hidden.Times(1.702));
}
