using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tweedie.Configuration;

/// <summary>Writes a JSON schema of configs, from which editors complete keys, show explanations and underline mistakes.</summary>
public static class ConfigSchema
{
    /// <summary>The schema of a config whose record one of its keys names.</summary>
    /// <param name="selector">The key, such as <c>task</c>.</param>
    /// <param name="usual">The name that holds where the key is not given.</param>
    /// <param name="records">The records by name.</param>
    /// <returns>JSON schema, draft 7, indented.</returns>
    /// <exception cref="TweedieException">The documentation beside an assembly is damaged.</exception>
    public static string Write(string selector, string usual, IReadOnlyDictionary<string, Type> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        var schema = new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-07/schema#",
            ["type"] = "object",
            ["properties"] = new JsonObject { [selector] = new JsonObject { ["enum"] = new JsonArray([.. records.Keys.Select(name => (JsonNode)name)]), ["default"] = usual } },
            ["allOf"] = new JsonArray([.. records.Keys.Select(name => (JsonNode)new JsonObject
            {
                ["if"] = name == usual
                    ? new JsonObject { ["properties"] = Constant(selector, name) }
                    : new JsonObject { ["properties"] = Constant(selector, name), ["required"] = new JsonArray(selector) },
                ["then"] = new JsonObject { ["$ref"] = $"#/definitions/{name}" },
            })]),
            ["definitions"] = new JsonObject(records.Select(record => KeyValuePair.Create(record.Key, (JsonNode?)Section(record.Value, OptionsContract.Of(record.Value).Create!())))),
        };
        return schema.ToJsonString(OptionsContract.Json) + "\n";
    }

    private static JsonObject Constant(string key, string value) => new() { [key] = new JsonObject { ["const"] = value } };

    private static JsonObject Section(Type record, object defaults)
    {
        var properties = OptionsContract.Keys(record).ToList();
        var section = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = new JsonObject(properties.Select(property => KeyValuePair.Create(property.Name, (JsonNode?)Option(property, property.Get(defaults))))),
        };
        var required = properties.Where(property => property.Get(defaults) is null or "" && OptionsContract.Attributes<RequiredAttribute>(property).Any()).Select(property => (JsonNode)property.Name);
        if (required.ToArray() is { Length: > 0 } names)
            section["required"] = new JsonArray(names);
        return section;
    }

    private static JsonObject Option(OptionMember property, object? value)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var schema = Value(type, property, value);
        if (property.IsSetNullable)
            schema = new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };
        if (XmlDocumentation.Of(property) is { Length: > 0 } explanation)
            schema["description"] = explanation;
        if (value is not null && OptionsContract.Of(type).Kind != OptionKind.Record)
            schema["default"] = JsonSerializer.SerializeToNode(value, value.GetType(), OptionsContract.Json);
        return schema;
    }

    private static JsonObject Value(Type type, OptionMember property, object? value)
    {
        var info = OptionsContract.Of(type);
        switch (info.Kind)
        {
            case OptionKind.Record:
                return Section(type, value ?? info.Create!());
            case OptionKind.List:
                return new JsonObject { ["type"] = "array", ["items"] = Value(info.ElementType!, property, null) };
            case OptionKind.Map:
                return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(info.ElementType!, property, null) };
        }
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return new JsonObject { ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(name => (JsonNode)OptionsContract.EnumName(name))]) };
        if (type == typeof(bool))
            return new JsonObject { ["type"] = "boolean" };
        if (type == typeof(string)) // a text may be written as a number, such as a name of a class
            return new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") };
        var number = new JsonObject { ["type"] = type == typeof(int) || type == typeof(long) ? "integer" : "number" };
        if (OptionsContract.Attributes<RangeAttribute>(property).FirstOrDefault() is { } range)
        {
            if (!OptionRange.IsOpen(range.Minimum))
                number[range.MinimumIsExclusive ? "exclusiveMinimum" : "minimum"] = JsonSerializer.SerializeToNode(range.Minimum);
            if (!OptionRange.IsOpen(range.Maximum))
                number[range.MaximumIsExclusive ? "exclusiveMaximum" : "maximum"] = JsonSerializer.SerializeToNode(range.Maximum);
        }
        return number;
    }
}
