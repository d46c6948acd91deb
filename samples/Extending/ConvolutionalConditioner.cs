using TorchSharp.Modules;
using Tweedie;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom conditioner: three convolutions turn an image into a grid of condition tokens. Any module that gives (B, M, width) can be a
/// conditioner. Its parameters are trained and saved under <c>encoder.*</c>.
/// </summary>
public sealed class ConvolutionalConditioner : nn.Module<Tensor, Tensor>, IConditioner
{
    private const int Kernel = 3;
    private const int Shrink = 8; // three convolutions of stride 2

    private readonly Sequential layers;
    private readonly Parameter positions;

    /// <summary>Creates the network with initial weights from torch's global generator.</summary>
    /// <param name="input">The size of an image; height and width are multiples of 8.</param>
    /// <param name="width">Width of a condition token, an even number.</param>
    public ConvolutionalConditioner(ImageShape input, int width) : base(nameof(ConvolutionalConditioner))
    {
        (Width, Tokens) = (width, TokensOf(input));
        layers = nn.Sequential(
            nn.Conv2d(input.Channels, width / 2, Kernel, stride: 2, padding: 1), nn.GELU(),
            nn.Conv2d(width / 2, width, Kernel, stride: 2, padding: 1), nn.GELU(),
            nn.Conv2d(width, width, Kernel, stride: 2, padding: 1));
        positions = new Parameter(zeros(1, Tokens, width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public nn.Module Network => this;

    /// <inheritdoc/>
    public int Width { get; }

    /// <inheritdoc/>
    public int Tokens { get; }

    /// <inheritdoc/>
    public Tensor Condition(Tensor input) => forward(input);

    /// <summary>Images (B, C, H, W) to condition tokens (B, H/8·W/8, width), row by row.</summary>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return layers.forward(input).flatten(2).transpose(1, 2).Plus(positions).MoveToOuterDisposeScope();
    }

    /// <summary>M, the number of condition tokens for images of a size.</summary>
    public static int TokensOf(ImageShape input) => input.Height / Shrink * (input.Width / Shrink);

    /// <summary>What the network costs, computed without building it.</summary>
    public static PartCost Cost(ImageShape input, int width)
    {
        long area = input.Height * input.Width, taps = Kernel * Kernel, half = width / 2;
        var weights = (First: taps * input.Channels * half, Second: taps * half * width, Third: taps * width * width);
        return new("encoder", weights.First + weights.Second + weights.Third + half + 2 * width + TokensOf(input) * width,
            weights.First * area / 4 + weights.Second * area / 16 + weights.Third * area / 64, 0);
    }
}
