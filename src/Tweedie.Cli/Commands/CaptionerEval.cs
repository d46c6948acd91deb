using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Data;
using Tweedie.Evaluation;
using Tweedie.Models;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie eval</c> of a captioner.</summary>
internal static class CaptionerEval
{
    public static int Run(EvalTarget target, string? results, CaptionSettings settings, CancellationToken cancellation)
    {
        OptionsValidator.Validate(settings, "eval");
        JsonOutput.Check(target.Json);
        OutputFile.Check("--results", results);
        var rows = settings.Steps.Count * settings.Guidance.Count * settings.ToOne.Count * settings.Decode.Count * (settings.Control ? 2 : 1);
        if (results is not null && rows > 1)
            throw new TweedieException($"--results {results}: these are {rows} settings, and a results file has one caption an image; give one of each.");
        using var captioner = ImageCaptioner.Load(target.Model, target.Device, target.Precision.WarnIfSlow(target.Device));
        var source = CaptionSources.Open(target.Data, DataSplit.Test, captioner.Options.Encoder.Channels);
        if (target.Limit < source.Count)
            source = new CaptionSubset(source, new SubsetSource(source, Enumerable.Range(0, target.Limit.Value)));
        var console = Screen.Create(target.Json);
        foreach (var warning in source.Warnings)
            console.WriteLine($"warning: {warning}");
        console.WriteLine($"{target.Model}: {captioner.Options.Method.ToString().ToLowerInvariant()} captioner, {source.Count} images of {source.Name}");
        var evaluations = CaptionEvaluator.Evaluate(captioner, source, settings, cancellation: cancellation);
        console.Write(CaptionTable.Create(evaluations));
        if (results is not null)
            CocoResults.Save(results, evaluations[0].Captions.Select((caption, index) => new CaptionResult(source.GetId(index), caption)));
        JsonOutput.Write(target.Json, new { Task = "caption", Samples = source.Count, Results = evaluations.Select(Row) });
        return ExitCodes.Success;
    }

    private static object Row(CaptionEvaluation row) => new
    {
        row.Steps,
        row.Guidance,
        row.ToOne,
        row.Decode,
        row.Control,
        row.RightMeaning,
        Bleu = Enumerable.Range(1, 4).Select(row.Scores.Bleu.Score),
        row.Scores.RougeL,
        row.Scores.CiderD,
        row.Scores.Diversity,
        row.Seconds,
    };
}
