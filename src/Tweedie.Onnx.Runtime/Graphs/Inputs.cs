using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>The inputs of one run of a graph, over arrays that must not change meanwhile.</summary>
internal sealed class Inputs : IDisposable
{
    private readonly List<KeyValuePair<string, OrtValue>> _values = [];

    /// <summary>The inputs so far.</summary>
    public IReadOnlyCollection<KeyValuePair<string, OrtValue>> Values => _values;

    /// <summary>Adds an array of a shape.</summary>
    public Inputs Add<T>(string name, T[] values, params long[] shape) where T : unmanaged
    {
        _values.Add(new(name, OrtValue.CreateTensorValueFromMemory(values, shape)));
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, value) in _values)
            value.Dispose();
    }
}
