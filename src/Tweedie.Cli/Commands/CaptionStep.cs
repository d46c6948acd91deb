using Spectre.Console;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary>The sentence at one step of its denoising.</summary>
/// <param name="Step">1-based number of the step.</param>
/// <param name="Timestep">t.</param>
/// <param name="AlphaBar">ᾱ_t.</param>
/// <param name="Words">The words up to the end of the sentence.</param>
internal sealed record CaptionStep(int Step, int Timestep, double AlphaBar, IReadOnlyList<TracedWord> Words)
{
    /// <summary>The row of tokens, for the comparison with the next step.</summary>
    internal IReadOnlyList<int> Row { get; init; } = [];

    /// <summary>Reads the first caption of a step; padding before the end of the sentence is no word.</summary>
    public static CaptionStep Of(StepSnapshot step, ITokenizer tokenizer, CaptionStep? before)
    {
        int[] row = [.. step.Tokens[0].Select(id => (int)id)];
        var hidden = step.Hidden?[0];
        var ids = row.TakeWhile(id => id != tokenizer.Special.End).ToArray();
        int? padding = tokenizer.Special.PaddingIsOrdinary ? null : tokenizer.Special.Padding;
        var words = Enumerable.Range(0, ids.Length).Where(position => ids[position] != padding).Select(position => new TracedWord(
            TextOf(tokenizer, ids, position),
            before is not null && before.Row[position] != ids[position],
            hidden is not null && hidden[position]));
        return new CaptionStep(step.Index + 1, step.Timestep, step.AlphaBar, [.. words]) { Row = row };
    }

    public void Print(IAnsiConsole console)
    {
        var colours = console.Profile.Capabilities is { Ansi: true, ColorSystem: not ColorSystem.NoColors };
        console.Write(new Spectre.Console.Text($"  t={Timestep,4} "));
        foreach (var word in Words)
            console.Write(word.ToMarkup(colours));
        console.WriteLine();
    }

    // The text that a token adds to the tokens before it, including a space where one belongs between them.
    private static string TextOf(ITokenizer tokenizer, int[] ids, int position)
    {
        var (before, with) = (tokenizer.Decode(ids[..position]), tokenizer.Decode(ids[..(position + 1)]));
        return with.StartsWith(before, StringComparison.Ordinal) ? with[before.Length..] : " " + tokenizer.Token(ids[position]);
    }
}
