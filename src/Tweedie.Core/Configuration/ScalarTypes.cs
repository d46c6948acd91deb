using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace Tweedie.Configuration;

/// <summary>The types a single value can have: how each is read, and how a message describes it.</summary>
internal static class ScalarTypes
{
    /// <summary>Reads a scalar as the given type; null where it is not of that type.</summary>
    /// <exception cref="NotSupportedException">Options cannot have this type.</exception>
    public static object? Parse(ConfigScalar scalar, Type type)
    {
        var text = scalar.Text;
        if (type == typeof(string))
            return text;
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().FirstOrDefault(value => OptionsContract.EnumName(value.ToString()!) == text);
        if (scalar.Quoted)
            return null;
        if (type == typeof(bool))
            return text switch { "true" => true, "false" => false, _ => null };
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) ? integer : null;
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var wide) ? wide : null;
        if (type == typeof(float))
            return float.TryParse(text, Real, CultureInfo.InvariantCulture, out var single) && float.IsFinite(single) ? single : null;
        if (type == typeof(double))
            return double.TryParse(text, Real, CultureInfo.InvariantCulture, out var real) && double.IsFinite(real) ? real : null;
        throw new NotSupportedException($"Options cannot have values of type {type}.");
    }

    /// <summary>What values of the type look like, with the range if the option has one.</summary>
    public static string Describe(Type type, RangeAttribute? range)
    {
        if (type == typeof(string))
            return "text";
        if (type == typeof(bool))
            return "true or false";
        if (type.IsEnum)
            return $"one of {string.Join(", ", Enum.GetNames(type).Select(OptionsContract.EnumName))}";
        var isWhole = type == typeof(int) || type == typeof(long);
        if (range is not null)
            return $"{(isWhole ? "a whole number" : "a number")}, {OptionRange.Describe(range)}";
        return isWhole ? $"a whole number of {(type == typeof(int) ? 32 : 64)} bits" : "a finite number";
    }

    private const NumberStyles Real = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
}
