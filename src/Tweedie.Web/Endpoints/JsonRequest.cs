using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Tweedie.Configuration;
using Tweedie.Web.Contracts;
using Tweedie.Web.Safety;

namespace Tweedie.Web.Endpoints;

/// <summary>Reads JSON strictly: a mistake is named by its member, with the way out.</summary>
internal static class JsonRequest
{
    private static readonly JsonDocumentOptions Layout = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <summary>Reads a request; an empty body is a request that says nothing.</summary>
    /// <exception cref="WebProblem">It is not valid JSON, has a member that is not known, or a value that does not fit.</exception>
    public static T Read<T>(MemoryStream body) where T : class, new()
    {
        if (body.Length == 0)
            return new();
        try
        {
            using var document = JsonDocument.Parse(body, Layout);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw WebProblem.Refused("The request must be a JSON object, such as { \"sampling\": { \"steps\": 20 } }.");
            Check(document.RootElement, typeof(T), "");
            return document.Deserialize<T>(WebJson.Options)!;
        }
        catch (JsonException error) when (error.Path is { Length: > 2 } path && path.StartsWith("$.", StringComparison.Ordinal))
        {
            throw WebProblem.Refused($"{OneLine.Of(path[2..])}: has a value that does not fit.");
        }
        catch (JsonException error)
        {
            throw WebProblem.Refused($"The request is not valid JSON: line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}, or a member stands twice in one object.");
        }
    }

    // Names of members and of choices, which the serializer's own messages would not explain.
    private static void Check(JsonElement value, Type type, string path)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var contract = WebJson.Options.GetTypeInfo(type);
        if (type.IsEnum && value.ValueKind == JsonValueKind.String)
        {
            string[] names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];
            if (!names.Contains(value.GetString()))
                throw WebProblem.Refused($"{path}: '{OneLine.Of(value.GetString()!)}' is not valid; use {string.Join(", ", names)}.");
        }
        else if (contract.Kind == JsonTypeInfoKind.Object && value.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in value.EnumerateObject())
            {
                var name = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
                if (contract.Properties.FirstOrDefault(known => known.Name == member.Name && known.Set is not null) is not { } property)
                    throw WebProblem.Refused($"{OneLine.Of(name)}: is no member of this request; {Known(contract, member.Name)}.");
                Check(member.Value, property.PropertyType, name);
            }
        }
        else if (contract.Kind == JsonTypeInfoKind.Enumerable && value.ValueKind == JsonValueKind.Array && contract.ElementType is { } element)
        {
            foreach (var (number, item) in value.EnumerateArray().Index())
                Check(item, element, $"{path}[{number}]");
        }
    }

    private static string Known(JsonTypeInfo contract, string name)
    {
        string[] names = [.. contract.Properties.Where(property => property.Set is not null).Select(property => property.Name)];
        return NearestName.Find(name, names) is { } meant ? $"the nearest is {meant}" : $"it has {string.Join(", ", names)}";
    }
}
