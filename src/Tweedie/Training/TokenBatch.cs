using Tweedie.Images;
using Tweedie.Tensors;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>A batch of training samples: tokens to predict, and what they are predicted from. Owns its tensors, and no dispose scope does.</summary>
public sealed class TokenBatch : IDisposable
{
    /// <summary>Takes ownership of the tensors.</summary>
    /// <param name="inputs">What the tokens are predicted from, its first dimension B, such as images (B, C, H, W); null where there is nothing.</param>
    /// <param name="tokens">Tokens, shape (B, N), int64; labels are rows of one token.</param>
    /// <param name="indices">The data set's index of each sample, B of them.</param>
    public TokenBatch(Tensor? inputs, Tensor tokens, IReadOnlyList<int> indices) =>
        (Inputs, Tokens, Indices) = (inputs?.DetachFromDisposeScope(), tokens.DetachFromDisposeScope(), indices);

    /// <summary>What the tokens are predicted from, its first dimension B; null where there is nothing.</summary>
    public Tensor? Inputs { get; }

    /// <summary>Tokens, shape (B, N), int64.</summary>
    public Tensor Tokens { get; }

    /// <summary>The data set's index of each sample, B of them.</summary>
    public IReadOnlyList<int> Indices { get; }

    /// <summary>Samples that should be here and could not be read: others took their place.</summary>
    public IReadOnlyList<BadImage> BadSamples { get; init; } = [];

    /// <summary>A batch of images, whose labels become rows of one token.</summary>
    internal static TokenBatch Of(ImageBatch batch)
    {
        using (batch)
        {
            var (images, targets) = batch.Tensors();
            return new(images.alias(), targets.dim() == 1 ? targets.unsqueeze(1) : targets.alias(), batch.Indices) { BadSamples = batch.BadImages };
        }
    }

    /// <summary>The batch on a device, in equal parts.</summary>
    /// <param name="parts">How many; divides B.</param>
    /// <param name="device">Where the parts' tensors are.</param>
    internal IReadOnlyList<TokenBatch> Split(int parts, Device device)
    {
        using var scope = NewDisposeScope();
        var inputs = Inputs?.to(device, non_blocking: true).chunk(parts);
        var tokens = Tokens.to(device, non_blocking: true).chunk(parts);
        var size = Indices.Count / tokens.Length;
        return [.. tokens.Select((part, i) => new TokenBatch(inputs?[i], part, [.. Indices.Skip(i * size).Take(size)]))];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Inputs?.Dispose();
        Tokens.Dispose();
    }
}
