using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>What was encoded of B images: the keys and values that every denoising step attends to. Encode once, then sample as often as you like.</summary>
public sealed class OnnxCondition
{
    private readonly IReadOnlyList<(string Name, float[] Values, long[] Shape)> _parts;

    internal OnnxCondition(int count, IReadOnlyList<(string, float[], long[])> parts) => (Count, _parts) = (count, parts);

    /// <summary>B, the number of images.</summary>
    public int Count { get; }

    internal static OnnxCondition None(int count) => new(count, []);

    internal static OnnxCondition Of(int count, IReadOnlyList<string> names, IReadOnlyCollection<OrtValue> values) =>
        new(count, [.. names.Zip(values, (name, value) => (name, value.GetTensorDataAsSpan<float>().ToArray(), value.GetTensorTypeAndShape().Shape))]);

    /// <summary>The numbers of one part, all items one after the other.</summary>
    internal float[] Part(string name) => _parts.First(part => part.Name == name).Values;

    /// <summary>The condition of several trajectories per item, side by side.</summary>
    internal OnnxCondition Repeated(int draws) => draws == 1 ? this
        : new(Count * draws, [.. _parts.Select(part => (part.Name, Repeated(part.Values, draws), (long[])[part.Shape[0] * draws, .. part.Shape[1..]]))]);

    internal void AddTo(Inputs inputs)
    {
        foreach (var (name, values, shape) in _parts)
            inputs.Add(name, values, shape);
    }

    private float[] Repeated(float[] values, int draws)
    {
        var (length, repeated) = (values.Length / Count, new float[values.Length * draws]);
        for (var row = 0; row < Count * draws; row++)
            values.AsSpan(row / draws * length, length).CopyTo(repeated.AsSpan(row * length));
        return repeated;
    }
}
