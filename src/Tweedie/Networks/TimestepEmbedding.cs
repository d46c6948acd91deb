using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Tweedie.Networks;

/// <summary>Embeds timesteps: 256 sinusoids, then linear, SiLU, linear (Peebles and Xie 2023; Li et al. 2024).</summary>
internal sealed class TimestepEmbedding : Module<Tensor, Tensor>
{
    private const int Frequencies = 256;
    private const double MaximumPeriod = 10_000;

    private readonly Linear fc1;
    private readonly Linear fc2;

    /// <summary>Creates the embedding for tokens of the given width.</summary>
    public TimestepEmbedding(int width) : base(nameof(TimestepEmbedding))
    {
        fc1 = Initialization.Linear(Frequencies, width);
        fc2 = Initialization.Linear(width, width);
        RegisterComponents();
    }

    /// <summary>Timesteps of any shape to embeddings (…, d). Equal timesteps of several tokens are embedded once.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var timesteps = input.flatten();
        Tensor? places = null;
        if (input.numel() > input.shape[0]) // tokens have timesteps of their own
            (timesteps, places, _) = timesteps.unique(return_inverse: true);
        var embedded = fc2.forward(functional.silu(fc1.forward(Sinusoids(timesteps).to(fc1.weight.dtype))));
        if (places is not null)
            embedded = embedded.index_select(0, places);
        return embedded.reshape([.. input.shape, -1]).MoveToOuterDisposeScope();
    }

    /// <summary>cos(t·ω_i), then sin(t·ω_i), with ω_i = 10000^(−i/128), i = 0..127: (B) → (B, 256), float32.</summary>
    public static Tensor Sinusoids(Tensor timesteps)
    {
        using var scope = NewDisposeScope();
        const int half = Frequencies / 2;
        var frequencies = TensorArithmetic.Counting(half, float32, timesteps.device).Times(-Math.Log(MaximumPeriod) / half).exp();
        var angles = timesteps.to(float32).unsqueeze(1) * frequencies;
        return cat([angles.cos(), angles.sin()], 1).MoveToOuterDisposeScope();
    }
}
