using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Diffusion;
using Tweedie.Evaluation;
using Tweedie.Sampling;
using Tweedie.Tokens;

namespace Tweedie.Cli.Commands;

/// <summary>
/// <c>tweedie eval</c> of a generator. Where the data are problems, it counts those that are solved. Where they are a text or a table, it measures their likelihood,
/// and how real and how varied new texts or rows are.
/// </summary>
internal static class GeneratorEvaluation
{
    /// <summary>Texts or rows that are generated per setting where nothing is asked for.</summary>
    public const int DefaultCount = 100;

    /// <summary>Measures, prints and writes the result.</summary>
    /// <param name="asked">The model and the data.</param>
    /// <param name="settings">The grid of samplings.</param>
    /// <param name="limit">The most problems, or the most windows or rows whose likelihood is measured, spread evenly over all; null takes all.</param>
    /// <param name="count">Texts or rows that are generated per setting; null takes the default, and is all that problems allow.</param>
    /// <param name="json">Where the JSON goes, if it is wanted.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static int Run(MeasuredRows.Asked asked, EvaluationSettings settings, int? limit, int? count, string? json, CancellationToken cancellation)
    {
        if (asked.Gap is not null && count is not null)
            throw new UsageException("--count generates new texts, and --gap fills those of the data: leave one of them out, or give --limit.");
        using var opened = new MeasuredRows(asked, model => Evaluator.Check(model, settings), cancellation);
        var (console, rows) = (Screen.Create(json), opened.Rows);
        if (rows.HasKnown && count is not null)
            throw new UsageException($"--count generates new rows, and '{asked.Data}' has problems to solve: leave it out, or give --limit.");
        foreach (var warning in rows.Warnings)
            console.WriteLine($"warning: {warning}");
        var likelihood = HasLikelihood(opened) ? GeneratorLikelihood.Measure(opened, limit, new LikelihoodOptions { Seed = settings.Seed }, Screen.TerminalFor(json), cancellation) : null;
        var results = rows.HasKnown ? Solve(opened, settings, limit, cancellation) : Generate(opened, settings, count ?? DefaultCount, cancellation);
        if (likelihood is not null)
            GeneratorLikelihood.Print(console, likelihood, opened);
        console.Show(EvaluationTable.Create(results, hasCondition: false));
        foreach (var note in Notes(opened))
            console.WriteLine(note);
        JsonOutput.Write(json, new
        {
            Task = opened.Text is null ? "tokens" : "text",
            Origin = asked.Origin(rows.Name),
            Settings = settings,
            rows.Warnings,
            Likelihood = likelihood is null ? null : GeneratorLikelihood.Result(likelihood, opened),
            Results = results.Select(EvaluationTable.Fields),
        });
        return ExitCodes.Success;
    }

    private static IReadOnlyList<EvaluationRow> Solve(MeasuredRows opened, EvaluationSettings settings, int? limit, CancellationToken cancellation) =>
        Evaluator.Evaluate(opened.Model, [Problems(opened, limit ?? int.MaxValue)], settings, [() => new SolvedProblems(opened.Rows)], cancellation);

    private static EvaluatedRows Problems(MeasuredRows opened, int most) =>
        opened.Text is { } text ? EvaluatedRows.Problems(text, opened.Rows, most) : EvaluatedRows.Problems(opened.Table!, opened.Rows, most);

    // Of problems, only a model that sees known tokens has a likelihood.
    private static bool HasLikelihood(MeasuredRows opened) => !opened.Rows.HasKnown || opened.Model.Process is not OneHotDiffusion { SeesKnown: false };

    private static IReadOnlyList<EvaluationRow> Generate(MeasuredRows opened, EvaluationSettings settings, int count, CancellationToken cancellation)
    {
        var real = opened.Text is { } text ? RealRows.Of(text, opened.Rows, count) : RealRows.Of(opened.Table!, (ITokenTable)opened.Rows, count);
        var drawn = opened.Text is { } generator ? EvaluatedRows.Drawn(generator, count) : EvaluatedRows.Drawn(opened.Table!, count);
        var common = opened.Table is { } table ? settings.Sampling.Over(table.Drawing) : settings.Sampling;
        return [real.Row, .. Evaluator.Evaluate(opened.Model, [drawn], settings with { Sampling = common }, [real.Metric], cancellation)];
    }

    private static IEnumerable<string> Notes(MeasuredRows opened)
    {
        if (opened.Rows.HasKnown)
        {
            yield return opened.Model.Process is AutoregressiveProcess ? "The nats are those of each open token given the tokens before it, because the model does not see those behind it."
                : HasLikelihood(opened) ? "The nats are those of the open tokens given the known ones." : "The model was not trained to see known tokens (model.diffusion.known), so it has no likelihood of the open ones.";
            yield break;
        }
        yield return $"'real' is a part of the data, held against the rest as the generated {(opened.Text is null ? "rows" : "texts")} are. Better than real in one column and worse in another is no gain.";
        if (opened.Rows is GeneratedRows { Entropy: { } entropy } rows)
            yield return FormattableString.Invariant($"The law of these rows has {entropy / rows.Length:F4} nats per token.");
    }
}
