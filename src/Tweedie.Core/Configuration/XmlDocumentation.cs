using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace Tweedie.Configuration;

/// <summary>
/// The explanations of options and of the names of enums: the summaries in the source, which the compiler writes into an XML file beside each assembly.
/// </summary>
internal static partial class XmlDocumentation
{
    private const string Code = "\u0001"; // marks names of code

    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>The explanation of an option as one line; empty where there is none.</summary>
    public static string Of(OptionMember property) => Of(property.Property, 'P');

    /// <summary>The explanation of an enum's name; empty where there is none.</summary>
    public static string Of(Type type, string name) => type.GetField(name) is { } field ? Of(field, 'F') : "";

    private static string Of(MemberInfo member, char kind)
    {
        for (var type = member.DeclaringType; type is not null; type = type.BaseType)
            if (Summary(type.Assembly, $"{kind}:{type.FullName!.Replace('+', '.')}.{member.Name}") is { Length: > 0 } text)
                return text; // an override inherits the explanation
        return "";
    }

    private static string Summary(Assembly assembly, string id)
    {
        if (!Files.GetOrAdd(assembly, Load).TryGetValue(id, out var member) || member.Element("summary") is not { } summary)
            return "";
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes())
            text.Append(node switch
            {
                XText words => words.Value,
                XElement { Name.LocalName: "see", IsEmpty: true } see => NameOf(see),
                _ => "",
            });
        var plain = Aside().Replace(Blanks().Replace(text.ToString(), " "), "");
        return plain.Replace(Code, "", StringComparison.Ordinal).Trim();
    }

    // Options are known to users by their keys. Names of code are marked, because they are left out where they stand in brackets or at the end.
    private static string NameOf(XElement see)
    {
        var reference = see.Attribute("cref")?.Value ?? see.Attribute("langword")?.Value ?? "";
        var name = reference.Split('(', '`')[0].Split('.', ':')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) || reference.StartsWith("F:", StringComparison.Ordinal) ? OptionsContract.EnumName(name)
            : see.Attribute("cref") is null ? name : Code + name;
    }

    private static IReadOnlyDictionary<string, XElement> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        try
        {
            return !File.Exists(path) ? new Dictionary<string, XElement>()
                : XDocument.Load(path).Descendants("member").DistinctBy(member => member.Attribute("name")?.Value).ToDictionary(member => member.Attribute("name")?.Value ?? "");
        }
        catch (XmlException exception)
        {
            throw new TweedieException($"{path}: is not valid XML; install the program again.", exception, FaultKind.Storage);
        }
        catch (Exception exception) when (exception.IsFileError())
        {
            throw FileErrors.CannotRead(path, exception);
        }
    }

    // In brackets, or behind a semicolon at the end of a sentence.
    [GeneratedRegex($@"\s*\({Code}\w+\)|;\s*{Code}\w+(?=\.)")]
    private static partial Regex Aside();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
