using System.CommandLine;
using Tweedie.Models;

namespace Tweedie.Cli.Commands;

/// <summary>Which options of a command a model has a use for.</summary>
internal static class ModelOptions
{
    /// <summary>Whether an option was typed.</summary>
    public static T? GivenOrNull<T>(this ParseResult parsed, Option<T> option) where T : struct => parsed.IsGiven(option) ? parsed.GetValue(option) : null;

    /// <summary>The values that were typed; null where none were.</summary>
    public static T[]? GivenOrNull<T>(this ParseResult parsed, Option<T[]> option) => parsed.IsGiven(option) ? parsed.GetValue(option) : null;

    /// <summary>Whether an option was typed.</summary>
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Refuses the first of some options that was typed.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="folder">The model's folder.</param>
    /// <param name="kind">The kind of the model; it has no use for the options.</param>
    /// <param name="options">The options.</param>
    /// <exception cref="UsageException">One of them was typed.</exception>
    public static void Refuse(this ParseResult parsed, string folder, string kind, params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            if (parsed.IsGiven(option))
                throw new UsageException($"{option.Name} does not apply to {Article(kind)} {kind}, which {folder} holds; leave it out.");
    }

    /// <summary>Whether a folder holds a captioner that writes token by token, so that its steps are no choice.</summary>
    public static bool IsAutoregressive(string folder) =>
        ModelFolder.ReadKind(folder) == ModelFolder.Captioner && ImageCaptioner.ReadOptions(folder).Method == TokenMethod.Ar;

    /// <summary>Refuses options of sampling where the model is a classifier with a head, linear or an MLP, which has nothing to sample.</summary>
    /// <exception cref="UsageException">One of them was typed.</exception>
    public static void RefuseIfLinear(this ParseResult parsed, string folder, params ReadOnlySpan<Option> options)
    {
        if (ModelFolder.ReadKind(folder) == ModelFolder.Classifier && ImageClassifier.ReadOptions(folder) is { HasHead: true, Method: var method })
            parsed.Refuse(folder, $"{method.ToString().ToLowerInvariant()} classifier", options);
    }

    private static string Article(string noun) => "aeiou".Contains(noun[0], StringComparison.Ordinal) ? "an" : "a";
}
