using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>One optimiser step for ViT-B/16 (86 M parameters in 150 tensors): TorchSharp's AdamW and ours, then gradient clipping by each.</summary>
internal static class OptimizerBenchmark
{
    public static void Run()
    {
        using var theirs = WithGradients();
        using var ours = new VisionTransformer(new VisionTransformerOptions());
        using var flat = new FlatParameters(ours);
        foreach (var group in flat.Groups)
            group.Gradients!.normal_(0, 1e-3);
        using var torchSharp = optim.AdamW(theirs.parameters(), lr: 1e-3, beta1: 0.9, beta2: 0.95, weight_decay: 0.3);
        using var adamW = new AdamW(flat, beta1: 0.9, beta2: 0.95, weightDecay: 0.3);
        var step = 0;
        Contest.Run("AdamW step, ViT-B/16", rounds: 9,
            ("TorchSharp's AdamW", () => torchSharp.step()),
            ("Tweedie's AdamW on flat buffers", () => adamW.Step(++step, 1e-3)));
        Contest.Run("Gradient clipping by global norm, ViT-B/16", rounds: 9,
            ("torch.nn.utils.clip_grad_norm_", () => nn.utils.clip_grad_norm_(theirs.parameters(), 1e-9)),
            ("on flat buffers", () => flat.ClipGradients(1e-9)));
    }

    private static VisionTransformer WithGradients()
    {
        var network = new VisionTransformer(new VisionTransformerOptions());
        foreach (var parameter in network.parameters())
            parameter.grad = randn_like(parameter).Times(1e-3);
        return network;
    }
}
