using System.Collections;
using System.ComponentModel.DataAnnotations;

namespace Tweedie.Configuration;

/// <summary>
/// Validates records of options, and the records inside them, by their data annotations and by <see cref="IValidatableObject"/>.
/// Beyond the annotations, numbers must be finite, enum values must be defined, and members that are not nullable must not be null.
/// A <see cref="RangeAttribute"/> on a list holds for each of its numbers.
/// </summary>
/// <remarks>The message of a rule about a member follows the member's key and value, as in "heads = 5 must divide width (768)".</remarks>
public sealed class OptionsValidator
{
    private readonly Func<OptionMember, string> _nameOf;
    private readonly Func<string, string> _originOf;
    private readonly Func<OptionFault, TweedieException> _error;

    private OptionsValidator(Func<OptionMember, string> nameOf, Func<string, string> originOf, Func<OptionFault, TweedieException> error) =>
        (_nameOf, _originOf, _error) = (nameOf, originOf, error);

    /// <summary>Validates options that come from a file: errors name their keys.</summary>
    /// <param name="options">The options.</param>
    /// <param name="origin">What the message begins with, such as the file.</param>
    /// <exception cref="TweedieException">An option is invalid. The message names its key, its value and the valid range.</exception>
    public static void Validate(object options, string origin) => Validate(options, _ => origin);

    /// <summary>Validates options that are passed to a call: errors name the members, and <see cref="TweedieException.Option"/> holds them for a host.</summary>
    /// <param name="options">The options.</param>
    /// <param name="origin">What the message begins with: the purpose of the options.</param>
    /// <exception cref="TweedieException">An option is invalid. The message names its member, its value and the valid range.</exception>
    public static void ValidateMembers(object options, string origin)
    {
        ArgumentNullException.ThrowIfNull(options);
        new OptionsValidator(MemberOf, _ => origin, fault => new TweedieException(fault, origin)).CheckRecord(options, "");
    }

    /// <summary>Validates options whose keys come from different places.</summary>
    internal static void Validate(object options, Func<string, string> originOf)
    {
        ArgumentNullException.ThrowIfNull(options);
        new OptionsValidator(property => property.Name, originOf, fault => new TweedieException($"{originOf(fault.Member)}: {fault}")).CheckRecord(options, "");
    }

    private static string MemberOf(OptionMember property) => property.Property.Name;

    private void CheckRecord(object options, string path)
    {
        foreach (var property in OptionsContract.Keys(options.GetType()))
        {
            var key = OptionsContract.Join(path, _nameOf(property));
            var value = property.Get(options);
            if (value is null && !property.IsSetNullable)
                throw Invalid(key, value, "must be given");
            var annotations = OptionsContract.Attributes<ValidationAttribute>(property).ToList();
            foreach (var annotation in annotations.Where(annotation => annotation is not RangeAttribute))
                CheckAnnotation(annotation, value, key, options);
            CheckValue(value, annotations.OfType<RangeAttribute>().FirstOrDefault(), key);
        }
        if (options is IValidatableObject rules)
            CheckRules(rules, path);
    }

    private void CheckValue(object? value, RangeAttribute? range, string key)
    {
        switch (value)
        {
            case null or string or bool:
                break;
            case Enum name when !Enum.IsDefined(name.GetType(), name):
                throw Invalid(key, value, $"is not {ScalarTypes.Describe(name.GetType(), null)}");
            case double real when !double.IsFinite(real):
            case float single when !float.IsFinite(single):
                throw Invalid(key, value, "is not a finite number");
            case int or long or float or double when range is not null && !OptionRange.Contains(range, value):
                throw Invalid(key, value, $"is out of range: {OptionRange.Describe(range)}");
            case IDictionary map:
                foreach (DictionaryEntry entry in map)
                    CheckValue(entry.Value, range, OptionsContract.Join(key, (string)entry.Key));
                break;
            case IEnumerable items:
                foreach (var (i, item) in items.Cast<object?>().Index())
                    CheckValue(item, range, $"{key}[{i}]");
                break;
            case var record when OptionsContract.Of(record.GetType()).Kind == OptionKind.Record:
                CheckRecord(record, key);
                break;
        }
    }

    private void CheckAnnotation(ValidationAttribute annotation, object? value, string key, object options)
    {
        var result = annotation.GetValidationResult(value, new ValidationContext(options) { DisplayName = key });
        if (result == ValidationResult.Success)
            return;
        throw Invalid(key, value, annotation switch
        {
            RequiredAttribute => "must be given",
            MinLengthAttribute minimum => $"is too short: its length must be at least {minimum.Length}",
            MaxLengthAttribute maximum => $"is too long: its length must be at most {maximum.Length}",
            AllowedValuesAttribute allowed => $"must be {Alternatives(allowed.Values)}",
            _ => $"is invalid: {result!.ErrorMessage}",
        });
    }

    private static string Alternatives(object?[] values) => values.Length == 1 ? Quote.Value(values[0]) : $"{string.Join(", ", values[..^1].Select(Quote.Value))} or {Quote.Value(values[^1])}";

    private void CheckRules(IValidatableObject rules, string path)
    {
        if (rules.Validate(new ValidationContext(rules)).FirstOrDefault(result => result != ValidationResult.Success) is not { } broken)
            return;
        var member = broken.MemberNames.FirstOrDefault();
        var property = OptionsContract.Keys(rules.GetType())
            .FirstOrDefault(property => MemberOf(property) == member);
        throw property is null
            ? new TweedieException($"{_originOf(path)}: {(path == "" ? "" : $"{path}: ")}{broken.ErrorMessage}")
            : Invalid(OptionsContract.Join(path, _nameOf(property)), property.Get(rules), broken.ErrorMessage ?? "is invalid");
    }

    private TweedieException Invalid(string key, object? value, string problem) => _error(new OptionFault(key, Quote.Value(value), problem));
}
