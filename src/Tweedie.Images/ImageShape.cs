namespace Tweedie.Images;

/// <summary>The size of an image tensor without its batch dimension, (C, H, W).</summary>
/// <param name="Channels">Colour channels C.</param>
/// <param name="Height">Rows H.</param>
/// <param name="Width">Columns W.</param>
public readonly record struct ImageShape(int Channels, int Height, int Width)
{
    /// <summary>Number of values, C·H·W.</summary>
    public int Length => checked(Channels * Height * Width);

    /// <summary>The shape as <c>3x32x32</c>.</summary>
    public override string ToString() => $"{Channels}x{Height}x{Width}";
}
