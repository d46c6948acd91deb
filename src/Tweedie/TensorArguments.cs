using static TorchSharp.torch;

namespace Tweedie;

/// <summary>Checks tensors that a caller gives, before they reach libtorch.</summary>
internal static class TensorArguments
{
    /// <summary>Refuses a tensor that has another shape or no real numbers.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="name">What the caller calls it.</param>
    /// <param name="dimensions">The dimensions, named, each with its size; null takes any size.</param>
    /// <exception cref="ArgumentException">The tensor is null, disposed of, of another shape or of whole numbers.</exception>
    public static void CheckReal(Tensor? tensor, string name, params ReadOnlySpan<(string Name, long? Size)> dimensions)
    {
        CheckShape(tensor, name, dimensions);
        if (!tensor!.is_floating_point())
            throw new ArgumentException($"The tensor is {tensor.dtype}; it must have floating-point numbers.", name);
    }

    /// <summary>Refuses a tensor that has another shape or no tokens.</summary>
    /// <inheritdoc cref="CheckReal"/>
    /// <exception cref="ArgumentException">The tensor is null, disposed of, of another shape or not of type int64.</exception>
    public static void CheckTokens(Tensor? tensor, string name, params ReadOnlySpan<(string Name, long? Size)> dimensions)
    {
        CheckShape(tensor, name, dimensions);
        if (tensor!.dtype != ScalarType.Int64)
            throw new ArgumentException($"The tensor is {tensor.dtype}; tokens must be {ScalarType.Int64}.", name);
    }

    private static void CheckShape(Tensor? tensor, string name, ReadOnlySpan<(string Name, long? Size)> dimensions)
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        if (tensor.IsInvalid)
            throw new ArgumentException("The tensor has been disposed of.", name);
        var shape = tensor.shape;
        var fits = shape.Length == dimensions.Length;
        for (var i = 0; fits && i < shape.Length; i++)
            fits = dimensions[i].Size is not { } size || shape[i] == size;
        if (fits)
            return;
        var expected = new string[dimensions.Length];
        for (var i = 0; i < expected.Length; i++)
            expected[i] = dimensions[i].Size is { } size ? $"{dimensions[i].Name} = {size}" : dimensions[i].Name;
        throw new ArgumentException($"The tensor has the shape ({string.Join(", ", shape)}); it must be ({string.Join(", ", expected)}).", name);
    }
}
