using System.CommandLine;
using System.Text.Json;

namespace Tweedie.Cli;

/// <summary>Puts errors of the library into the words of the command line: the library names members, such as <c>Steps</c>, but the user typed <c>--steps</c>.</summary>
internal static class OptionWords
{
    /// <summary>Options whose name differs from their member's.</summary>
    private static readonly Dictionary<string, string> OtherNames = new() { ["Draws"] = "--count", ["run"] = "--out", ["NoKey"] = "--no-key" };

    /// <summary>The message, with the options of the command in place of the members; the library's own words where the command has no such option.</summary>
    public static string Of(TweedieException error, Command command) =>
        error.Option is { } fault && Find(command, fault.Member) is { } option
            ? $"{option} {fault.Value} {fault.Problem}" : error.MessageIn(name => Find(command, name.Member));

    // Of a member of a member, such as Sampling.Churn, the first that is an option of its own.
    private static string? Find(Command command, string member) =>
        member.Split('.').Select(part => part.Split('[')[0]).Select(part => Named(command, part)).FirstOrDefault(option => option is not null);

    private static string? Named(Command command, string member)
    {
        string?[] names = [$"--{JsonNamingPolicy.KebabCaseLower.ConvertName(member)}", OtherNames.GetValueOrDefault(member)];
        return command.Options.FirstOrDefault(option => names.Contains(option.Name))?.Name;
    }
}
