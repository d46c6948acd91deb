using System.Runtime.InteropServices;
using System.Text;
using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>An ONNX model from a batch of images (B, 3, H, W) to one tensor.</summary>
internal sealed class OnnxImageModel : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;
    private readonly string _input;
    private readonly string _output;
    private readonly int? _batch;
    private readonly int _size;

    public OnnxImageModel(string path, string? output, int size)
    {
        (_path, _size) = (path, size);
        _session = Open(path, output);
        try
        {
            (_input, _batch) = CheckInput(_session, path, size);
            _output = output ?? (_session.OutputMetadata.Count == 1 ? _session.OutputMetadata.Keys.Single()
                : throw Fault($"has the outputs {string.Join(", ", _session.OutputMetadata.Keys)}; name one with model.frozen.output."));
            if (_session.OutputMetadata[_output].ElementType != typeof(float))
                throw Fault($"gives {_output} as {_session.OutputMetadata[_output].ElementType.Name}, expected float32; name another output with model.frozen.output.");
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    /// <summary>Runs the model; where its batch is fixed, in parts of that size.</summary>
    public (float[] Values, long[] Shape) Run(ReadOnlyMemory<float> images, int count)
    {
        if (_batch is not { } batch || batch == count)
            return RunBatch(images, count);
        var (values, shape, image) = (new List<float>(), Array.Empty<long>(), images.Length / count);
        for (var start = 0; start < count; start += batch)
        {
            var filled = Math.Min(batch, count - start);
            var part = new float[batch * image]; // the last part may have places that nobody reads
            images.Span.Slice(start * image, filled * image).CopyTo(part);
            (var results, shape) = RunBatch(part, batch);
            values.AddRange(results.AsSpan(0, results.Length / batch * filled));
        }
        shape[0] = count;
        return ([.. values], shape);
    }

    public void Dispose() => _session.Dispose();

    private (float[] Values, long[] Shape) RunBatch(ReadOnlyMemory<float> images, int count)
    {
        try
        {
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, MemoryMarshal.AsMemory(images), [count, 3, _size, _size]);
            using var options = new RunOptions();
            using var results = _session.Run(options, [_input], [input], [_output]);
            return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[0].GetTensorTypeAndShape().Shape);
        }
        catch (OnnxRuntimeException exception)
        {
            throw Fault($"cannot be run on {count} images of 3x{_size}x{_size}: {OneLine.Of(exception.Message)}", exception);
        }
    }

    private static InferenceSession Open(string path, string? output)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
        options.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(Path.GetFullPath(path))!);
        InferenceSession? session = null;
        try
        {
            session = new InferenceSession(bytes, options);
            if (output is null || session.OutputMetadata.ContainsKey(output))
                return session;
        }
        catch (OnnxRuntimeException exception)
        {
            throw new TweedieException($"{path}: cannot be opened as an ONNX model: {OneLine.Of(exception.Message)}", exception, FaultKind.Model);
        }
        var outputs = string.Join(", ", session.OutputMetadata.Keys);
        session.Dispose();
        try
        {
            return new InferenceSession(WithOutput(bytes, output), options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new TweedieException($"{path}: has no tensor '{output}'; its outputs are {outputs}, and inner tensors can be named too.", exception, FaultKind.Model);
        }
    }

    // An inner tensor becomes an output by a message that is added at the end: protobuf merges a ModelProto that comes in two parts, and appends the second
    // part's graph.output (fields 7 and 12; the name is field 1 of a ValueInfoProto) to the first's.
    private static byte[] WithOutput(byte[] model, string name) => [.. model, .. Message(7, Message(12, Message(1, Encoding.UTF8.GetBytes(name))))];

    private static byte[] Message(int field, byte[] content)
    {
        var head = new List<byte> { (byte)(field << 3 | 2) };
        for (var length = content.Length; ; length >>= 7)
        {
            head.Add((byte)(length < 0x80 ? length : length & 0x7F | 0x80));
            if (length < 0x80)
                return [.. head, .. content];
        }
    }

    private static (string Name, int? Batch) CheckInput(InferenceSession session, string path, int size)
    {
        if (session.InputMetadata.Count != 1 || session.InputMetadata.Values.Single() is not { ElementType.Name: "Single", Dimensions: [var batch, var channels, var height, var width] })
            throw new TweedieException($"{path}: takes {string.Join(", ", session.InputMetadata.Select(input => $"{input.Key} of {input.Value.ElementType.Name} ({string.Join(", ", input.Value.Dimensions)})"))}, "
                + "expected one input of images in float32, (B, 3, H, W); export the image tower alone.", FaultKind.Model);
        if (channels is not (3 or < 0) || (height >= 0 && height != size) || (width >= 0 && width != size))
            throw new TweedieException($"{path}: takes images of {channels}x{height}x{width}, the preprocessing gives 3x{size}x{size}; change its size.", FaultKind.Model);
        return (session.InputMetadata.Keys.Single(), batch > 0 ? batch : null);
    }

    private TweedieException Fault(string problem, Exception? cause = null) =>
        cause is null ? new($"{_path}: {problem}", FaultKind.Model) : new($"{_path}: {problem}", cause, FaultKind.Model);
}
