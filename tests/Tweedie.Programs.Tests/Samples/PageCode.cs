using System.Text.RegularExpressions;

namespace Tweedie.Tests.Samples;

/// <summary>A fenced block of code on a page.</summary>
/// <param name="Page">The page, from the repository's root.</param>
/// <param name="Line">The line of its fence.</param>
/// <param name="Code">What it holds.</param>
internal sealed partial record PageCode(string Page, int Line, string Code)
{
    /// <summary>The pages that people read: the README files of the repository and of its parts, and the documentation.</summary>
    public static IReadOnlyList<string> Pages { get; } =
    [
        .. new[] { ".", "docs", "docs/site" }.SelectMany(folder => Directory.GetFiles(Path.Combine(Shared.RepositoryRoot, folder), "*.md"))
            .Concat(new[] { "src", "samples" }.SelectMany(folder => Directory.GetDirectories(Path.Combine(Shared.RepositoryRoot, folder))).Select(folder => Path.Combine(folder, "README.md")).Where(File.Exists))
            .Select(path => Path.GetRelativePath(Shared.RepositoryRoot, path).Replace('\\', '/')).Order(StringComparer.Ordinal),
    ];

    /// <summary>The lines that are not empty and stand for something.</summary>
    public IEnumerable<string> Lines => Code.Split('\n').Select(line => line.Trim()).Where(line => line is not ("" or "…"));

    /// <summary>The blocks of a page in a language.</summary>
    public static IEnumerable<PageCode> Of(string page, string language)
    {
        var text = File.ReadAllText(Path.Combine(Shared.RepositoryRoot, page)).ReplaceLineEndings("\n");
        return Blocks().Matches(text).Where(block => block.Groups[1].Value == language)
            .Select(block => new PageCode(page, text.AsSpan(0, block.Index).Count('\n') + 1, block.Groups[2].Value));
    }

    [GeneratedRegex(@"^```(\w*)\n(.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();
}
