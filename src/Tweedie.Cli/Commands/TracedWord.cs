using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tweedie.Cli.Commands;

/// <summary>A token of a sentence that is being denoised.</summary>
/// <param name="Text">The text that it adds to the sentence, including its space.</param>
/// <param name="Changed">Whether the step before had another token here.</param>
/// <param name="Hidden">Whether it is only guessed so far: its token is hidden, or noisier than committed ones.</param>
internal sealed record TracedWord(string Text, bool Changed, bool Hidden)
{
    /// <summary>The word as it is printed: yellow or between asterisks where it changed, grey or in brackets where it is hidden.</summary>
    public IRenderable ToMarkup(bool colours)
    {
        if (colours)
            return new Spectre.Console.Text(Text, new Style(Hidden ? Color.Grey : Changed ? Color.Yellow : null));
        var (space, word) = (Text.StartsWith(' ') ? " " : "", Text.TrimStart(' '));
        return new Spectre.Console.Text(space + (Hidden ? $"[{word}]" : Changed ? $"*{word}*" : word));
    }
}
