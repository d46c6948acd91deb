using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>
/// Features of a frozen encoder as condition tokens: each channel is standardised by the mean and the deviation of the training images, cut at ±6, and where
/// there are several tokens, each gets a learned position.
/// </summary>
public sealed class FeatureConditioner : nn.Module, IConditioner
{
    private const double Cut = 6;

    [ComponentName(Name = "mean")]
    private readonly Tensor mean;
    [ComponentName(Name = "std")]
    private readonly Tensor deviation;
    [ComponentName(Name = "pos_embed")]
    private readonly Parameter? positions;

    /// <summary>Creates the conditioner with mean 0 and deviation 1.</summary>
    /// <param name="tokens">M, the number of feature vectors of an image.</param>
    /// <param name="width">d, the length of a feature vector.</param>
    public FeatureConditioner(int tokens, int width) : base(nameof(FeatureConditioner))
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Tokens, Width) = (tokens, width);
        (mean, deviation) = (zeros(width), ones(width));
        register_buffer("mean", mean);
        register_buffer("std", deviation);
        positions = tokens > 1 ? Initialization.Parameter(1, tokens, width) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Tokens { get; }

    /// <summary>Sets mean and deviation of each channel from features of training images.</summary>
    /// <param name="features">Shape (n, d), float32, at least two rows.</param>
    public void Standardize(Tensor features)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using Scalar smallest = 1e-3; // a channel that never changes stays near 0
        mean.copy_(features.mean([0L]));
        deviation.copy_(features.std(0).clamp_min(smallest));
    }

    /// <summary>Features (B, M, d) to condition tokens (B, M, d).</summary>
    public Tensor Condition(Tensor input)
    {
        using var scope = NewDisposeScope();
        using Scalar lowest = -Cut, highest = Cut;
        var tokens = ((input - mean) / deviation).clamp(lowest, highest).to(mean.dtype); // features are float32, whatever the weights are
        return (positions is null ? tokens : tokens.Plus(positions)).MoveToOuterDisposeScope();
    }
}
