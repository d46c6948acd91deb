using System.Text.RegularExpressions;

namespace Tweedie.Formats;

/// <summary>
/// Says where a tensor of a foreign file goes. A name is a whole name or the beginning of one up to a dot, whose rest is kept
/// (<c>ln_1</c> covers <c>ln_1.weight</c> and <c>ln_1.bias</c>); <c>*</c> is a layer's number.
/// </summary>
internal sealed class WeightRule
{
    private readonly string? _target;
    private readonly Regex _source;

    /// <param name="source">The name in the file.</param>
    /// <param name="target">The name in the module; null drops the tensor.</param>
    public WeightRule(string source, string? target)
    {
        _target = target;
        _source = new Regex($@"^{Regex.Escape(source).Replace(@"\*", "(?<layer>[0-9]+)", StringComparison.Ordinal)}(?<rest>\..*)?\z");
    }

    /// <summary>Whether the tensor is stored transposed.</summary>
    public bool IsTransposed { get; init; }

    /// <summary>
    /// Place among the parts that are stacked into one tensor, along the first dimension; null where the tensor is not stacked.
    /// </summary>
    public int? Part { get; init; }

    /// <summary>Whether the rule is for a tensor with this name, and the name that it gets; null where it is dropped.</summary>
    public bool Matches(string name, out string? target)
    {
        var match = _source.Match(name);
        target = _target is null ? null : _target.Replace("*", match.Groups["layer"].Value, StringComparison.Ordinal) + match.Groups["rest"].Value;
        return match.Success;
    }
}
