using System.CommandLine;
using Tweedie.Configuration;

namespace Tweedie.Cli;

/// <summary>What is wrong with a command line, in the user's words, with the name that was most likely meant.</summary>
internal static class UsageErrors
{
    /// <summary>The errors, one line each. Where a word is unknown, that is the only one: the parser's other errors follow from it.</summary>
    public static IReadOnlyList<string> Of(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.UnmatchedTokens is [var word, ..])
            return [Unknown(word, command)];
        if (command.Action is null && command.Subcommands.Count > 0)
            return [$"{PathOf(command)} needs a command: {string.Join(", ", Names(command))}."];
        var missing = command.Arguments.Where(argument => argument.Arity.MinimumNumberOfValues > 0 && parsed.GetResult(argument) is not { Tokens.Count: > 0 })
            .Select(argument => (argument.Name, argument.Description))
            .Concat(command.Options.Where(option => option.Required && parsed.GetResult(option) is not { Tokens.Count: > 0 }).Select(option => (option.Name, option.Description)));
        return missing.FirstOrDefault() is { Name: { } name } wanted ? [$"{PathOf(command)} needs {name}: {wanted.Description}."]
            : [.. parsed.Errors.Select(error => error.Message)];
    }

    /// <summary>How a command is called, from the program's name on.</summary>
    public static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : command.Name;

    /// <summary>What to say of an unknown word.</summary>
    public static string Unknown(string word, Command command)
    {
        var isOption = word.StartsWith('-');
        var (kind, names) = isOption ? ("an option", command.Options.Where(option => !option.Hidden).Select(option => option.Name))
            : command.Subcommands.Count > 0 ? ("a command", Names(command)) : ("an argument", []);
        return $"'{OneLine.Of(word)}' is not {kind} of {PathOf(command)}"
            + (NearestName.Find(word.Split('=')[0], names) is { } meant ? $"; did you mean {meant}?" : isOption || !names.Any() ? "." : $"; use one of {string.Join(", ", names)}.");
    }

    private static IEnumerable<string> Names(Command command) => command.Subcommands.Where(known => !known.Hidden).Select(known => known.Name);
}
