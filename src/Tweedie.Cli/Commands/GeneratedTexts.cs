using Spectre.Console;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary>Texts that a generator wrote, and how the first one came about where that was asked for.</summary>
/// <param name="Texts">The texts.</param>
/// <param name="Trace">The first text after some of the steps, and the step in which each of its tokens settled; null where it was not asked for.</param>
internal sealed record GeneratedTexts(IReadOnlyList<string> Texts, GeneratedTexts.Trajectory? Trace)
{
    private const int StepsShown = 8;

    // From the first steps to the last ones.
    private static readonly Color[] Colours = [Color.Blue, Color.DeepSkyBlue1, Color.Green, Color.Yellow, Color.Orange1, Color.Red];

    /// <summary>How a text came about.</summary>
    /// <param name="Count">The number of steps.</param>
    /// <param name="Steps">The text after some of the steps.</param>
    /// <param name="Tokens">Its tokens at the end.</param>
    public sealed record Trajectory(int Count, IReadOnlyList<Step> Steps, IReadOnlyList<Token> Tokens);

    /// <summary>The text after a step.</summary>
    /// <param name="Number">1-based number of the step.</param>
    /// <param name="Text">The text, with guesses for the tokens that are still open.</param>
    public sealed record Step(int Number, string Text);

    /// <summary>A token of the text.</summary>
    /// <param name="Text">The text that it adds.</param>
    /// <param name="Settled">The 1-based step from which on it stayed; 0 where it was known from the start.</param>
    public sealed record Token(string Text, int Settled);

    /// <summary>Writes texts and keeps the trajectory of the first.</summary>
    /// <param name="generator">The generator.</param>
    /// <param name="template">What is known; null where nothing is.</param>
    /// <param name="length">The tokens that are shown.</param>
    /// <param name="count">How many texts.</param>
    /// <param name="sampling">How to sample.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public static GeneratedTexts Traced(TextGenerator generator, TokenTemplate? template, int length, int count, SamplingOptions sampling, CancellationToken cancellation)
    {
        using var constraint = template is null ? null : generator.Constrain(template);
        var steps = generator.Denoise(count, constraint, sampling, cancellation).Select(step => step.Snapshot()).ToList();
        string TextOf(IEnumerable<long> row) => generator.Tokenizer.Decode([.. row.Take(length).Select(id => (int)id)]);
        var rows = steps.Select(step => step.Tokens[0].Take(length).ToArray()).ToList();
        var hidden = steps.Select(step => step.Hidden?[0]).ToList();
        int Settled(int place)
        {
            if (place < template?.Places.Count && template.Places[place] is not null)
                return 0;
            var step = rows.Count - 1;
            while (step > 0 && rows[step - 1][place] == rows[^1][place] && hidden[step - 1]?[place] != true)
                step--;
            return step + 1;
        }

        // In place of what an autoregressive model has not written yet stands the end token.
        IEnumerable<long> Written(int step) => hidden[step] is { } open && generator.Options.Method == TokenMethod.Ar ? rows[step].Where((_, place) => !open[place]) : rows[step];

        var shown = Enumerable.Range(1, Math.Min(StepsShown, rows.Count)).Select(part => part * rows.Count / Math.Min(StepsShown, rows.Count));
        return new(
            [.. steps[^1].Tokens.Select(TextOf)],
            new(rows.Count, [.. shown.Select(number => new Step(number, TextOf(Written(number - 1))))],
                [.. rows[^1].Select((_, place) => new Token(Added(generator.Tokenizer, rows[^1], place), Settled(place)))]));
    }

    /// <summary>Prints the texts, after the trajectory of the first.</summary>
    public void Print(IAnsiConsole console)
    {
        if (Trace is not null)
            Print(console, Trace);
        foreach (var (index, text) in Texts.Index())
        {
            if (index > 0)
                console.WriteLine();
            console.Write(new Spectre.Console.Text(text + "\n"));
        }
    }

    private static void Print(IAnsiConsole console, Trajectory trace)
    {
        foreach (var step in trace.Steps)
            console.Write(new Spectre.Console.Text($"step {step.Number} of {trace.Count}\n{step.Text}\n\n"));
        if (console.Profile.Capabilities is not { Ansi: true, ColorSystem: not ColorSystem.NoColors })
            return;
        console.Write("settled in step ");
        foreach (var (part, colour) in Colours.Index())
            console.Write(new Spectre.Console.Text($"{1 + part * trace.Count / Colours.Length} ", new Style(colour)));
        console.WriteLine();
        foreach (var token in trace.Tokens)
            console.Write(new Spectre.Console.Text(token.Text, token.Settled == 0 ? new Style(decoration: Decoration.Bold) : new Style(Colours[(token.Settled - 1) * Colours.Length / trace.Count])));
        console.WriteLine();
        console.WriteLine();
    }

    // The text that a token adds to those before it. A few of them decide it, because texts are long.
    private static string Added(ITokenizer tokenizer, long[] row, int place)
    {
        const int before = 4;
        int[] ids = [.. row[Math.Max(0, place - before)..(place + 1)].Select(id => (int)id)];
        var (without, with) = (tokenizer.Decode(ids[..^1]), tokenizer.Decode(ids));
        return with.StartsWith(without, StringComparison.Ordinal) ? with[without.Length..] : tokenizer.Token(ids[^1]);
    }
}
