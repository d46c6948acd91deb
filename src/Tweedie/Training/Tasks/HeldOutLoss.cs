using Tweedie.Evaluation;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The loss of the averaged weights on held-out images, with neither augmentation nor dropped conditions. Each part of the images has its own noise, the same at
/// every evaluation, so that the loss depends on the weights alone.
/// </summary>
/// <param name="setup">The task.</param>
/// <param name="network">The network of the averaged weights.</param>
/// <param name="linear">The loss of a linear head; null where the model is a diffusion.</param>
/// <param name="diffusion">The loss of a diffusion; null for a linear head.</param>
internal sealed class HeldOutLoss(TokenTask.Setup setup, TokenNetwork network, LinearLoss? linear, DiffusionLoss? diffusion)
{
    /// <summary>The sum of the losses of a batch's images. They are taken in parts as large as the training's micro-batches.</summary>
    /// <param name="batch">Some of the held-out images.</param>
    public double Sum(EncodedImages batch)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var (sum, training) = (0.0, setup.Config.Training);
        foreach (var (condition, indices, _) in batch.Chunk(training.BatchSize / training.Accumulation))
        {
            using var part = NewDisposeScope();
            manual_seed(Seeds.Derive(setup.Config.Seed, SeedPurpose.Validate, indices[0]));
            long[][] rows = [.. indices.Select(index => setup.HeldTargets is { } row ? row(0, index).ToArray() : [setup.Held!.GetLabel(index)])];
            var tokens = tensor([.. rows.SelectMany(row => row)], [rows.Length, rows[0].Length], int64, condition.device);
            var loss = linear is not null ? linear.OfCondition(network, condition, tokens.squeeze(1))
                : diffusion!.Compute(network.Denoiser, condition, tokens, setup.Weights?.Invoke(tokens));
            sum += loss.item<float>() * rows.Length;
        }
        return sum;
    }
}
