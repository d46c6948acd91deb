using System.CommandLine;
using System.CommandLine.Parsing;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public const string TemperatureWords = "For draws (--to-one multinomial): below 1, likely entries are drawn more often";
    public const string TopPWords = "For draws (--to-one multinomial): only among the likeliest entries that together have this probability";

    public static Option<Precision> Precision() => new Option<Precision>("--precision")
    {
        Description = "f32 or bf16; bf16 takes half the memory and is faster where the processor multiplies it",
        HelpName = "NAME",
    }.OneOf();

    public static Option<string> Model() => new("--model")
    {
        Description = "The model: its folder, that of a training, or a checkpoint",
        Required = true,
        HelpName = "DIR",
    };

    /// <summary>Images; a word that looks like an option is not one of them.</summary>
    public static Argument<string[]> Images()
    {
        var images = new Argument<string[]>("IMAGE") { Description = "Image files, folders of images, or patterns such as 'photos/*.jpg'", Arity = ArgumentArity.OneOrMore };
        images.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith("--", StringComparison.Ordinal)))
                result.AddError(UsageErrors.Unknown(token.Value, ((CommandResult)result.Parent!).Command));
        });
        return images;
    }

    public static Option<double[]> Temperatures() => List("--temperature", TemperatureWords, Scale, 1.0);

    public static Option<double[]> TopPs() => List("--top-p", TopPWords, Scale, 1.0);

    /// <summary>Which part of the data; the names of folders and files are known here too.</summary>
    public static Option<DataSplit> Split(DataSplit value, string description) => new("--split")
    {
        Description = $"{description}: train, val or test",
        DefaultValueFactory = _ => value,
        HelpName = "NAME",
        CustomParser = result =>
        {
            if (ImageSources.FindSplit(result.Tokens[^1].Value) is { } split)
                return split;
            result.AddError($"--split: '{result.Tokens[^1].Value}' is not valid; use train, val, test.");
            return default;
        },
    };

    public static Option<string?> Json() => new("--json")
    {
        Description = "Also write the result as JSON to this file; - is standard output",
        HelpName = "FILE",
    };

    public static Option<CandidateChoice> Choose() => new Option<CandidateChoice>("--choose")
    {
        Description = "Choose one of several draws: overlap takes the one that shares most with the others, likelihood the one to which an autoregressive model gives the highest probability, judge the one that a CLIP (--judge) finds most like the image",
        HelpName = "NAME",
    }.OneOf();

    public static Option<string?> Judge() => new("--judge") { Description = "With --choose judge: the folder of a CLIP, which should be another one than captions are measured by", HelpName = "DIR" };

    /// <summary>The judge of candidates, where one is asked for.</summary>
    public static ClipModel? OpenJudge(CandidateChoice choose, string? judge, Device device) => (choose == CandidateChoice.Judge, judge) switch
    {
        (true, null) => throw new UsageException("--choose judge: needs a CLIP; give its folder by --judge DIR."),
        (false, not null) => throw new UsageException($"--judge {judge}: is for --choose judge; give that too, or leave it out."),
        (true, { } folder) => ClipModel.Load(folder, device),
        _ => null,
    };

    public static Option<long> Seed(long value = 0) => new("--seed")
    {
        Description = "Seed of the noise and the draws",
        DefaultValueFactory = _ => value,
        HelpName = "N",
    };

    /// <summary>A comma-separated list in one word, such as <c>--steps 1,5,20</c>. A list of several words would also take the command's arguments.</summary>
    public static Option<T[]> List<T>(string name, string description, Func<string, T?> parse, params T[] value) where T : struct => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            var items = new List<T>();
            foreach (var text in result.Tokens.SelectMany(token => Items(token.Value)))
            {
                if (parse(text) is { } item)
                    items.Add(item);
                else
                    result.AddError($"{name}: '{text}' is not valid ({description}); give a list such as {name} {ExampleOf(typeof(T))}.");
            }
            return [.. items];
        },
    };

    /// <summary>A comma-separated list of names in one word, such as <c>--only cifar10,flickr8k</c>; empty by default.</summary>
    public static Option<string[]> Names(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "LIST",
        DefaultValueFactory = _ => [],
        CustomParser = result => [.. result.Tokens.SelectMany(token => Items(token.Value))],
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
            // This reads the token: text that is not a number has an error already, and asking for its value throws.
            if (result.Tokens is [.., var token] && StrictNumbers.Whole(token.Value) is { } value && value < minimum)
                result.AddError($"{option.Name} = {value}: must be at least {minimum}.");
        });
        return option;
    }

    public static int? PositiveInteger(string text) => StrictNumbers.Whole(text) is > 0 and <= int.MaxValue and var value ? (int)value : null;

    public static double? Scale(string text) => StrictNumbers.Decimal(text) is >= 0 and var value ? value : null;

    public static T? Name<T>(string text) where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var value) && !int.TryParse(text, out _) ? value : null;

    private static string[] Items(string list) => list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static string ExampleOf(Type type) => type.IsEnum ? string.Join(',', type.GetEnumNames()).ToLowerInvariant() : type == typeof(int) ? "1,5,20" : "0.5,1.5";

    /// <summary>Warns where a precision is slow on the device.</summary>
    public static Precision WarnIfSlow(this Precision precision, Device device)
    {
        if (Bf16Products.Warning("--precision bf16", precision, device) is { } slow)
            Console.Error.WriteLine($"warning: {slow}");
        return precision;
    }
}
