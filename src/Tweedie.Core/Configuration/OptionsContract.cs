using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Tweedie.Configuration;

/// <summary>
/// The keys and types of option records, for binding and validating. Writing follows System.Text.Json, and a test compares both: its own description of a record costs a
/// program more time at its start than all else that it does with the options.
/// </summary>
internal static class OptionsContract
{
    private static readonly ConcurrentDictionary<Type, OptionType> Types = new();

    /// <summary>How options are written.</summary>
    public static JsonSerializerOptions Json => field ??= CreateJson();

    /// <summary>The same on one line.</summary>
    public static JsonSerializerOptions Inline => field ??= new(Json) { WriteIndented = false };

    /// <summary>Describes a type: a record of options, a list, a map, or a single value.</summary>
    public static OptionType Of(Type type) => Types.GetOrAdd(type, OptionType.Describe);

    /// <summary>The options of a record: its public properties that can be set, under their camelCase names.</summary>
    public static IReadOnlyList<OptionMember> Keys(Type record) => Of(record).Members;

    /// <summary>The attributes of the given kind on an option.</summary>
    public static IEnumerable<TAttribute> Attributes<TAttribute>(OptionMember member) where TAttribute : Attribute => member.Attributes.OfType<TAttribute>();

    /// <summary>The name of an enum's value as it is written in a configuration.</summary>
    public static string EnumName(string name) => JsonNamingPolicy.CamelCase.ConvertName(name);

    /// <summary>The key of an option inside a section, <c>training.epochs</c>.</summary>
    public static string Join(string section, string key) => section == "" ? key : $"{section}.{key}";

    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            IgnoreReadOnlyProperties = true,
            RespectNullableAnnotations = true,
            WriteIndented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // for files, never for HTML
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatCannotBeSet } },
        };
        options.MakeReadOnly();
        return options;
    }

    // This also leaves out read-only lists, which System.Text.Json would write although nothing can read them back.
    private static void LeaveOutWhatCannotBeSet(JsonTypeInfo type)
    {
        foreach (var property in type.Properties.Where(property => property.Set is null).ToList())
            type.Properties.Remove(property);
    }
}

/// <summary>What a type of options is made of.</summary>
internal enum OptionKind
{
    /// <summary>A single value.</summary>
    Value,
    /// <summary>A record of options.</summary>
    Record,
    /// <summary>A list of values or records.</summary>
    List,
    /// <summary>A map from text.</summary>
    Map,
}

/// <summary>A type of options.</summary>
/// <param name="Kind">What it is made of.</param>
/// <param name="ElementType">The type of a list's items or a map's values; null for others.</param>
/// <param name="Create">Makes a record with its defaults; null where that needs arguments.</param>
/// <param name="Members">The options of a record, those of base records behind its own, unless they say another order.</param>
internal sealed record OptionType(OptionKind Kind, Type? ElementType, Func<object>? Create, IReadOnlyList<OptionMember> Members)
{
    public static OptionType Describe(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type == typeof(string) || Nullable.GetUnderlyingType(type) is not null)
            return new(OptionKind.Value, null, null, []);
        if (type.IsArray)
            return new(OptionKind.List, type.GetElementType(), null, []);
        if (Arguments(type, typeof(IReadOnlyDictionary<,>)) is [_, var value])
            return new(OptionKind.Map, value, null, []);
        if (Arguments(type, typeof(IEnumerable<>)) is [var item])
            return new(OptionKind.List, item, null, []);
        var create = type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null ? (Func<object>?)null : () => Activator.CreateInstance(type)!;
        return new(OptionKind.Record, null, create, [.. Properties(type).Select(property => new OptionMember(property)).OrderBy(member => member.Order)]);
    }

    private static Type[]? Arguments(Type type, Type generic) =>
        (type.IsInterface ? [type, .. type.GetInterfaces()] : type.GetInterfaces()).FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == generic)?.GetGenericArguments();

    // Those of a record before those of the record that it is based on; an override stands where it is written.
    private static IEnumerable<PropertyInfo> Properties(Type type)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (Type? current = type; current is not null; current = current.BaseType)
            foreach (var property in current.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
                if (property.GetIndexParameters().Length == 0 && names.Add(property.Name) && property.SetMethod is { IsPublic: true } && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
                    yield return property;
    }
}

/// <summary>An option of a record.</summary>
/// <param name="property">Its property.</param>
internal sealed class OptionMember(PropertyInfo property)
{
    // Of a property whose accessors the compiler wrote, what they access: for an accessor that is called more than once, reflection compiles a method.
    private readonly FieldInfo? _field = property.GetMethod?.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)) == true
        ? property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) : null;
    private Attribute[]? _attributes;
    private bool? _isSetNullable;

    /// <summary>Its key.</summary>
    public string Name { get; } = JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>Its property.</summary>
    public PropertyInfo Property => property;

    /// <summary>The type of its values.</summary>
    public Type PropertyType => property.PropertyType;

    /// <summary>Whether it must be given.</summary>
    public bool IsRequired { get; } = property.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), inherit: false);

    /// <summary>Whether it may be null.</summary>
    public bool IsSetNullable => _isSetNullable ??= property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : new NullabilityInfoContext().Create(property).WriteState != NullabilityState.NotNull;

    /// <summary>Its place among the others; 0 where the source says none.</summary>
    public int Order => Attributes.OfType<JsonPropertyOrderAttribute>().FirstOrDefault()?.Order ?? 0;

    /// <summary>Its attributes, with those of a property that it overrides.</summary>
    public Attribute[] Attributes => _attributes ??= Attribute.GetCustomAttributes(property, inherit: true);

    /// <summary>Its value in a record.</summary>
    public object? Get(object record) => _field is null ? property.GetValue(record) : _field.GetValue(record);

    /// <summary>Gives it a value in a record.</summary>
    public void Set(object record, object? value)
    {
        if (_field is null)
            property.SetValue(record, value);
        else
            _field.SetValue(record, value);
    }
}
