using System.Security.Cryptography;
using System.Text;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Storage;

namespace Tweedie.Onnx;

/// <summary>A frozen image encoder from an ONNX file, run by ONNX Runtime on the CPU with one thread per call. Thread-safe.</summary>
public sealed class OnnxEncoder : IFeatureExtractor
{
    private readonly OnnxImageModel _model;
    private readonly OnnxImageModel? _first;
    private readonly PreprocessOptions _preprocess;
    private readonly FeatureLayout _layout;

    /// <summary>Opens an encoder and runs it once, to learn the shape of its features.</summary>
    /// <param name="options">The file, the output and the preprocessing.</param>
    /// <exception cref="TweedieException">
    /// A file is missing, is no ONNX model of images or has an operator that the runtime lacks; its input has another size; or it has no such output.
    /// </exception>
    public OnnxEncoder(FrozenEncoderOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _preprocess = options.Preprocess ?? PreprocessOptions.Beside(options.Onnx);
        OptionsValidator.ValidateMembers(_preprocess, options.Onnx);
        Name = options.Onnx;
        var files = (options with { Preprocess = _preprocess }).Files();
        var first = _preprocess.First is null ? null : files[1];
        Fingerprint = FingerprintOf(options, files, first is not null);
        _model = new OnnxImageModel(options.Onnx, options.Output, _preprocess.Size);
        try
        {
            _first = first is null ? null : new OnnxImageModel(first, null, _preprocess.Size);
            var (_, shape) = Run(new float[Input.Length], 1);
            _layout = FeatureLayout.Of(shape, options.Onnx);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <inheritdoc/>
    public ImageShape Input => new(3, _preprocess.Size, _preprocess.Size);

    /// <inheritdoc/>
    public IImageTransform Transform => _preprocess.Transform();

    /// <inheritdoc/>
    public Normalization Normalization => _preprocess.Normalization();

    /// <inheritdoc/>
    public int Tokens => _layout.Tokens;

    /// <inheritdoc/>
    public int Width => _layout.Width;

    /// <summary>Lets configs and models name ONNX files as frozen encoders. Call it once, at the start of a program.</summary>
    public static void Register() => FeatureExtractors.Register(options => new OnnxEncoder(options));

    /// <inheritdoc/>
    public void Extract(ReadOnlyMemory<float> images, int count, Span<float> features)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (images.Length != (long)count * Input.Length || features.Length != (long)count * Tokens * Width)
            throw new ArgumentException($"{images.Length} and {features.Length} numbers are not {count} images of {Input} and their features of {Tokens}x{Width}.", nameof(images));
        _layout.Write(Run(images, count).Values, features);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _model.Dispose();
        _first?.Dispose();
    }

    private (float[] Values, long[] Shape) Run(ReadOnlyMemory<float> images, int count)
    {
        var input = _preprocess.Channels == ChannelOrder.Rgb ? images : Reversed(images);
        return _model.Run(_first?.Run(input, count).Values ?? input, count);
    }

    // Blue, green, red: the planes of each image in the other order.
    private float[] Reversed(ReadOnlyMemory<float> images)
    {
        var (reversed, plane) = (new float[images.Length], Input.Height * Input.Width);
        for (var start = 0; start < images.Length; start += 3 * plane)
            for (var channel = 0; channel < 3; channel++)
                images.Span.Slice(start + channel * plane, plane).CopyTo(reversed.AsSpan(start + (2 - channel) * plane));
        return reversed;
    }

    private string FingerprintOf(FrozenEncoderOptions options, IReadOnlyList<string> files, bool hasFirst)
    {
        string[] hashes = [.. files.Select(Checksums.OfFile)];
        string?[] parts = [hashes[0], hasFirst ? hashes[1] : "", options.Output, ConfigWriter.ToJson(_preprocess), .. hashes[(hasFirst ? 2 : 1)..]];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }
}
