namespace Tweedie.Text;

/// <summary>Chooses the field or column that holds the text, by the name that the user gives or by the names that publishers give.</summary>
public static class FieldNames
{
    private static readonly OptionName Option = new("Field", "Field");

    private static readonly string[] Usual = ["text", "content", "contents", "body", "document", "article", "story", "passage", "sentence"];

    /// <summary>The name of the field that holds the text, as the file spells it.</summary>
    /// <param name="origin">The file, for messages.</param>
    /// <param name="present">The fields that hold text.</param>
    /// <param name="given">The name that the user gives; null to find it. Upper and lower case are the same.</param>
    /// <exception cref="TweedieException">No field has the name, or none or several have usual names; the message names the fields.</exception>
    public static string Choose(string origin, IReadOnlyList<string> present, string? given)
    {
        ArgumentNullException.ThrowIfNull(present);
        var all = present.Count == 0 ? "none" : string.Join(", ", present.Take(20).Select(OneLine.Of));
        if (given is not null)
            return present.FirstOrDefault(name => Same(name, given))
                ?? throw TweedieException.Naming($"{origin}: {Option} = {OneLine.Of(given)} names no field of text; there are {all}.");
        return present.Where(name => Usual.Any(usual => Same(usual, name))).ToArray() switch
        {
            [var only] => only,
            [] => throw TweedieException.Naming($"{origin}: no field of text has a usual name, such as text or content; there are {all}. Name it by {Option}."),
            var several => throw TweedieException.Naming($"{origin}: several fields may hold the text: {string.Join(", ", several.Select(OneLine.Of))}; choose one by {Option}."),
        };
    }

    private static bool Same(string first, string second) => string.Equals(first, second, StringComparison.OrdinalIgnoreCase);
}
