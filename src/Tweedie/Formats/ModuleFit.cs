using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>Compares the tensors of a file with the tensors that it must fill.</summary>
internal static class ModuleFit
{
    private const int MaxListed = 3;

    /// <summary>Fails unless the file has exactly these tensors, in their shapes and with types that can be converted.</summary>
    /// <exception cref="TweedieException">The weights do not fit; the message lists the first few differences.</exception>
    public static void Check(IReadOnlyDictionary<string, Tensor> targets, IEnumerable<SafeTensorInfo> tensors, string path)
    {
        var found = tensors.ToDictionary(tensor => tensor.Name);
        var missing = targets.Where(target => !found.ContainsKey(target.Key)).Select(target => Show(target.Key, target.Value.shape));
        var unexpected = found.Values.Where(tensor => !targets.ContainsKey(tensor.Name)).Select(tensor => Show(tensor.Name, tensor.Shape));
        var different = found.Values.Select(tensor => Compare(tensor, targets.GetValueOrDefault(tensor.Name))).OfType<string>();
        var differences = new[] { List("missing", missing), List("unexpected", unexpected), List("different", different) };
        var problem = string.Join("; ", differences.OfType<string>());
        if (problem != "")
            throw new TweedieException($"{path}: the weights do not fit the model's configuration: {problem}", FaultKind.Model);
    }

    private static string? Compare(SafeTensorInfo tensor, Tensor? target)
    {
        if (target is null)
            return null;
        if (!tensor.Shape.SequenceEqual(target.shape))
            return $"{Show(tensor.Name, tensor.Shape)} instead of {Show(target.shape)}";
        var isConvertible = tensor.Type == target.dtype || (IsReal(tensor.Type) && IsReal(target.dtype));
        return isConvertible ? null : $"{OneLine.Of(tensor.Name)} {tensor.Type} instead of {target.dtype}";
    }

    private static string? List(string difference, IEnumerable<string> tensors)
    {
        var list = tensors.ToList();
        if (list.Count == 0)
            return null;
        var rest = list.Count > MaxListed ? $", and {list.Count - MaxListed} more" : "";
        return $"{difference} {string.Join(", ", list.Take(MaxListed))}{rest}";
    }

    private static bool IsReal(ScalarType type) =>
        type is ScalarType.Float64 or ScalarType.Float32 or ScalarType.Float16 or ScalarType.BFloat16;

    private static string Show(string name, IEnumerable<long> shape) => $"{OneLine.Of(name)} {Show(shape)}";

    private static string Show(IEnumerable<long> shape) => $"({string.Join(", ", shape)})";
}
