namespace Tweedie.Configuration;

/// <summary>The message for a key that no option has. It says which key was probably meant and which keys are known.</summary>
internal static class UnknownKey
{
    /// <summary>Describes an unknown key in a section of the root record; <paramref name="known"/> are the section's keys.</summary>
    public static string Describe(Type root, string section, string name, IReadOnlyList<string> known)
    {
        var key = OptionsContract.Join(section, OneLine.Of(name));
        // A similar name in the same section, or the same name in another section.
        var meant = NearestName.Find(name, known) is { } near
            ? OptionsContract.Join(section, near)
            : AllKeys(root, "").FirstOrDefault(other => other == name || other.EndsWith($".{name}", StringComparison.Ordinal));
        var hint = meant is null ? "" : $" (did you mean {meant}?)";
        var place = section == "" ? "at the top level" : $"in {section}";
        return $"unknown key {key}{hint}; known {place}: {string.Join(", ", known)}";
    }

    private static IEnumerable<string> AllKeys(Type record, string section) =>
        OptionsContract.Keys(record).SelectMany(property =>
        {
            var key = OptionsContract.Join(section, property.Name);
            var isSection = OptionsContract.Of(property.PropertyType).Kind == OptionKind.Record;
            return isSection ? AllKeys(property.PropertyType, key).Prepend(key) : [key];
        });
}
