namespace Tweedie.Onnx;

/// <summary>How an output's numbers are M feature vectors of length d per image.</summary>
/// <param name="Tokens">M.</param>
/// <param name="Width">d.</param>
/// <param name="IsMap">Whether the output is (B, d, h, w), so that the vectors are columns.</param>
internal sealed record FeatureLayout(int Tokens, int Width, bool IsMap)
{
    /// <summary>The layout of an output's shape.</summary>
    /// <param name="shape">The shape, its first dimension the batch.</param>
    /// <param name="file">The encoder's file, for messages.</param>
    /// <exception cref="TweedieException">The shape is not one of images' features.</exception>
    public static FeatureLayout Of(long[] shape, string file) => shape switch
    {
        [_, var width] => new(1, (int)width, IsMap: false),
        [_, var tokens, var width] => new((int)tokens, (int)width, IsMap: false),
        [_, var width, var rows, var columns] => new((int)(rows * columns), (int)width, IsMap: true),
        _ => throw new TweedieException($"{file}: the output has the shape ({string.Join(", ", shape)}), which is neither pooled (B, d), nor tokens (B, M, d), "
            + "nor a map (B, d, h, w); name another with model.frozen.output.", FaultKind.Model),
    };

    /// <summary>Writes an output's numbers as (B, M, d).</summary>
    public void Write(ReadOnlySpan<float> values, Span<float> features)
    {
        if (!IsMap)
        {
            values.CopyTo(features);
            return;
        }
        for (var start = 0; start < values.Length; start += Tokens * Width)
            for (var channel = 0; channel < Width; channel++)
                for (var token = 0; token < Tokens; token++)
                    features[start + token * Width + channel] = values[start + channel * Tokens + token];
    }
}
