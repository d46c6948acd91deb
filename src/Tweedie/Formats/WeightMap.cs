using static TorchSharp.torch;

namespace Tweedie.Formats;

/// <summary>Turns the tensors of another program's file into a module's: other names, stacked queries, keys and values, transposes.</summary>
internal sealed class WeightMap
{
    private readonly string _marker;
    private readonly WeightRule[] _rules;

    /// <param name="name">What the layout is called.</param>
    /// <param name="marker">A tensor that every file of this layout has, and no file of another.</param>
    /// <param name="rules">The first rule that matches a tensor applies; a tensor without a rule keeps its name.</param>
    public WeightMap(string name, string marker, IEnumerable<WeightRule> rules) => (Name, _marker, _rules) = (name, marker, [.. rules]);

    /// <summary>What the layout is called.</summary>
    public string Name { get; }

    /// <summary>Whether a file with this header has this layout.</summary>
    public bool Recognises(SafeTensorsHeader header) => header.Tensors.Any(tensor => tensor.Name == _marker);

    /// <summary>
    /// The tensors under the module's names. A tensor without a place there (a part without the others) keeps its name, so that a strict loader refuses it.
    /// </summary>
    /// <param name="tensors">The file's tensors.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="TweedieException">Two tensors have the same place.</exception>
    public Dictionary<string, Tensor> Apply(IReadOnlyDictionary<string, Tensor> tensors, string path)
    {
        var renamed = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        var parts = new Dictionary<string, SortedDictionary<int, (string Name, Tensor Tensor)>>(StringComparer.Ordinal);
        foreach (var (name, tensor) in tensors)
        {
            var (rule, target) = Find(name);
            if (rule?.Part is { } part)
                (parts.TryGetValue(target!, out var stack) ? stack : parts[target!] = [])[part] = (name, tensor);
            else if (target is not null)
                Add(target, rule?.IsTransposed == true && tensor.dim() == 2 ? tensor.t() : tensor);
        }
        foreach (var (target, stack) in parts)
        {
            if (stack.Count == _rules.Max(rule => rule.Part) + 1 && CanStack(stack.Values.Select(part => part.Tensor.shape)))
                Add(target, cat([.. stack.Values.Select(part => part.Tensor)]));
            else
                foreach (var (name, tensor) in stack.Values)
                    Add(name, tensor);
        }
        return renamed;

        void Add(string target, Tensor tensor)
        {
            if (!renamed.TryAdd(target, tensor))
                throw new TweedieException($"{path}: two tensors have the place of {OneLine.Of(target)} in {Name}.", FaultKind.Model);
        }
    }

    /// <summary>The shapes in a file, under the module's names where they have one; parts that are stacked later share theirs.</summary>
    public ILookup<string, IReadOnlyList<long>> Shapes(SafeTensorsHeader header) =>
        header.Tensors.ToLookup(tensor => Find(tensor.Name).Target ?? tensor.Name, tensor => tensor.Shape);

    private (WeightRule? Rule, string? Target) Find(string name)
    {
        foreach (var rule in _rules)
            if (rule.Matches(name, out var target))
                return (rule, target);
        return (null, name);
    }

    private static bool CanStack(IEnumerable<long[]> shapes) =>
        shapes.All(shape => shape.Length > 0) && shapes.DistinctBy(shape => string.Join(',', shape.Skip(1))).Count() == 1;
}
