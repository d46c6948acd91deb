namespace Tweedie.Images;

/// <summary>What opens frozen encoders: a package for their files registers it.</summary>
public static class FeatureExtractors
{
    private static Func<FrozenEncoderOptions, IFeatureExtractor>? _open;

    /// <summary>Registers what opens ONNX files.</summary>
    public static void Register(Func<FrozenEncoderOptions, IFeatureExtractor> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        _open = open;
    }

    internal static IFeatureExtractor Open(FrozenEncoderOptions options) => (_open ?? throw new TweedieException(
        $"{options.Onnx}: this program cannot run ONNX files; reference the package Tweedie.Onnx.Runtime and call OnnxEncoder.Register() at its start."))(options);
}
