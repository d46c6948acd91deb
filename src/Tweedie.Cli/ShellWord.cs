namespace Tweedie.Cli;

/// <summary>Words of a command line as a user can type them again.</summary>
internal static class ShellWord
{
    /// <summary>The word, quoted where a shell would not take it for one word as it is.</summary>
    public static string Quote(string word) => word.Length > 0 && word.All(character => char.IsLetterOrDigit(character) || "-_./:,=+@%".Contains(character)) ? word
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
