using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie fill</c>.</summary>
internal static class FillCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("TEXT") { Description = "For a text generator: [____] is a gap of as many tokens as it has underscores; with ... at the end the text goes on", Arity = ArgumentArity.ZeroOrOne };
        var data = new Option<string?>("--data") { Description = "For a row generator: a table whose empty cells, or the problems of which, are filled in; or generated rows such as sudoku:size=6", HelpName = "FILE" };
        var split = CommonOptions.Split(DataSplit.Test, "For a row generator: where the data have splits");
        var limit = new Option<int?>("--limit") { Description = "For a row generator: only the first N rows", HelpName = "N" }.AtLeast(1);
        var common = new GeneratingOptions();
        var command = new Command("fill",
            "Fill the gaps of a text, or the empty cells of a table.\nExample: tweedie fill --model runs/shakespeare-char/model \"The [____] of the king\"\n"
            + "Example: tweedie fill --model runs/sudoku6/model --data puzzles.csv")
        { text, data, split, limit };
        common.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var typed = common.Read(parsed);
            if (ModelFolder.ReadKind(typed.Model) == ModelFolder.RowGenerator)
            {
                if (parsed.GetValue(text) is { } given)
                    throw new UsageException($"'{given}' is a text, and {typed.Model} holds a {ModelFolder.RowGenerator}: give a table by --data.");
                parsed.Refuse(typed.Model, ModelFolder.RowGenerator, common.Trace, common.Count);
                Rows(typed, parsed.GetValue(data) ?? throw new UsageException($"Give --data: {typed.Model} holds a {ModelFolder.RowGenerator}, which fills in the rows of a table."), parsed.GetValue(split), parsed.GetValue(limit), cancellation);
            }
            else
            {
                parsed.Refuse(typed.Model, ModelFolder.ReadKind(typed.Model), data, split, limit);
                Texts(typed, parsed.GetValue(text) ?? throw new UsageException("Give a TEXT with a gap, such as \"The [____] of the king\"."), cancellation);
            }
            return Task.FromResult(ExitCodes.Success);
        });
        return command;
    }

    private static void Texts(GeneratingOptions.Typed typed, string text, CancellationToken cancellation)
    {
        using var generator = TextGenerator.Load(typed.Model, typed.Device, typed.Precision);
        var settings = generator.Model.Resolve(typed.Sampling with { Draws = typed.Count });
        var template = TokenTemplate.Parse(text, generator.Tokenizer);
        var texts = typed.Trace
            ? GeneratedTexts.Traced(generator, template, template.GoesOn ? generator.Options.Tokens : template.Places.Count, typed.Count, typed.Sampling, cancellation)
            : new GeneratedTexts(generator.Fill(template, typed.Count, typed.Sampling, cancellation), null);
        texts.Print(Screen.Create(typed.Json));
        typed.Write("fill", new { Template = text }, settings, texts);
    }

    private static void Rows(GeneratingOptions.Typed typed, string data, DataSplit split, int? limit, CancellationToken cancellation)
    {
        using var generator = RowGenerator.Load(typed.Model, typed.Device, typed.Precision);
        var table = TokenTables.Open(data, TextSources.SplitOf(data, split), new TokenTableOptions { Vocabulary = generator.Columns }, cancellation);
        foreach (var warning in table.Warnings)
            Console.Error.WriteLine($"warning: {warning}");
        var (problems, solutions) = Read(table, Math.Min(limit ?? table.Count, table.Count));
        var answers = generator.Fill(problems, typed.Sampling, cancellation);
        var rows = new TableRows(generator.Columns, [.. answers.Select(row => generator.Columns.Decode(row))]);
        rows.Print(Screen.TerminalFor(typed.Json).Writer);
        var solved = Solved(problems, solutions, answers);
        if (solved is not null)
            Console.Error.WriteLine(FormattableString.Invariant($"{100 * solved.Rows:F2} % of {answers.Count} rows are solved, and {100 * solved.Tokens:F2} % of the tokens that were open are right"));
        typed.Write("fill", new { Data = data, Split = split }, generator.Model.Resolve(typed.Sampling), new { rows.Rows, ExactRows = solved?.Rows, ExactTokens = solved?.Tokens });
    }

    // The known tokens of rows, and what the rows should be. Where a table has no solutions, every token that a row has is known.
    private static (long[][] Problems, long[][] Solutions) Read(ITokenTable table, int count)
    {
        var (problems, solutions) = (new long[count][], new long[count][]);
        var known = new bool[table.Length];
        for (var row = 0; row < count; row++)
        {
            solutions[row] = new long[table.Length];
            table.Read(0, row, solutions[row], known);
            problems[row] = table.HasKnown ? [.. solutions[row].Zip(known, (token, isKnown) => isKnown ? token : ITokenRowSource.Missing)] : solutions[row];
        }
        return (problems, solutions);
    }

    // Null where the table tells no solutions.
    private static SolvedRows? Solved(long[][] problems, long[][] solutions, IReadOnlyList<long[]> answers)
    {
        if (solutions.Any(row => row.Contains(ITokenRowSource.Missing)))
            return null;
        using var scope = NewDisposeScope();
        Tensor Of(IEnumerable<long[]> rows) => tensor([.. rows.SelectMany(row => row)], [answers.Count, answers[0].Length]);
        var solved = new SolvedRows();
        solved.Add(Of(answers), Of(solutions), Of(problems).Is(ITokenRowSource.Missing).logical_not());
        return solved;
    }
}
