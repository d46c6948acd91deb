using System.CommandLine;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Device() => new("--device")
    {
        Description = "cpu, cuda, cuda:N or auto",
        DefaultValueFactory = _ => "auto",
        HelpName = "DEVICE",
    };

    public static Option<Precision> Precision() => new Option<Precision>("--precision")
    {
        Description = "f32, or bf16: half the memory, and faster where the processor multiplies it",
        HelpName = "NAME",
    }.OneOf();

    public static Option<string> Model() => new("--model")
    {
        Description = "The model folder: config.json and model.safetensors",
        Required = true,
        HelpName = "DIR",
    };

    public static Option<string?> Json() => new("--json")
    {
        Description = "Also write the result as JSON to this file; - is standard output",
        HelpName = "FILE",
    };

    public static Option<long> Seed(long value = 0) => new("--seed")
    {
        Description = "Seed of noise and draws",
        DefaultValueFactory = _ => value,
        HelpName = "N",
    };

    /// <summary>A comma-separated list, such as <c>--steps 1,5,20</c>.</summary>
    public static Option<T[]> List<T>(string name, string description, Func<string, T?> parse, params T[] value) where T : struct => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => value,
        AllowMultipleArgumentsPerToken = true,
        CustomParser = result =>
        {
            var items = new List<T>();
            foreach (var text in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
            {
                if (parse(text) is { } item)
                    items.Add(item);
                else
                    result.AddError($"{name}: '{text}' is not valid; {description}");
            }
            return [.. items];
        },
    };

    /// <summary>Takes one of the enum's names, whatever their case.</summary>
    public static Option<T> OneOf<T>(this Option<T> option) where T : struct, Enum
    {
        option.CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            if (Name<T>(text) is { } value)
                return value;
            result.AddError($"{option.Name}: '{text}' is not valid; use {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");
            return default;
        };
        return option;
    }

    /// <summary>Refuses values below a minimum.</summary>
    public static Option<T> AtLeast<T>(this Option<T> option, int minimum)
    {
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<T>() is int value && value < minimum)
                result.AddError($"{option.Name} = {value}: must be at least {minimum}.");
        });
        return option;
    }

    public static int? PositiveInteger(string text) => int.TryParse(text, out var value) && value > 0 ? value : null;

    public static double? Scale(string text) => double.TryParse(text, out var value) && double.IsFinite(value) && value >= 0 ? value : null;

    public static T? Name<T>(string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && !int.TryParse(text, out _) ? value : null;

    public static Device ParseDevice(string name) => Devices.Parse(name);

    /// <summary>Warns where a precision is slow on the device.</summary>
    public static Precision WarnIfSlow(this Precision precision, Device device)
    {
        if (Bf16Products.Warning("--precision bf16", precision, device) is { } slow)
            Console.Error.WriteLine($"warning: {slow}");
        return precision;
    }
}
