using System.CommandLine;
using System.Text.Json;

namespace Tweedie.Cli;

/// <summary>Says errors of the library in the words of the command line: it names members, such as <c>Steps</c>, the user typed <c>--steps</c>.</summary>
internal static class OptionWords
{
    /// <summary>Options that are not called as their member is.</summary>
    private static readonly Dictionary<string, string> OtherNames = new() { ["Draws"] = "--count" };

    /// <summary>The message, with the option of the command in place of the member; the library's own where the command has no such option.</summary>
    public static string Of(TweedieException error, Command command)
    {
        if (error.Option is not { } fault)
            return error.Message;
        var member = fault.Member.Split('.', '[')[0];
        string?[] names = [$"--{JsonNamingPolicy.KebabCaseLower.ConvertName(member)}", OtherNames.GetValueOrDefault(member)];
        return command.Options.FirstOrDefault(option => names.Contains(option.Name)) is { } option
            ? $"{option.Name} {fault.Value} {fault.Problem}" : error.Message;
    }
}
