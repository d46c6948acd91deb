using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Evaluation.Captions;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Platform;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie score</c>.</summary>
internal static class ScoreCommand
{
    public static Command Create()
    {
        var results = new Option<string>("--results") { Description = "Generated captions: a COCO results file", Required = true, HelpName = "FILE" };
        var references = new Option<string>("--references") { Description = "Human captions: a COCO captions file", Required = true, HelpName = "FILE" };
        var clip = new Option<string?>("--clip") { Description = "The folder of a CLIP model, for the CLIP score; needs --images", HelpName = "DIR" };
        var images = new Option<string?>("--images") { Description = "The folder of the images", HelpName = "DIR" };
        var prompt = new Option<string>("--prompt")
        {
            Description = "What precedes each caption for CLIP, such as \"A photo depicts \" (CLIP-S); nothing by default",
            DefaultValueFactory = _ => "",
            HelpName = "TEXT",
        };
        var (json, compute) = (CommonOptions.Json(), new ComputeOptions());
        var command = new Command("score",
            "Score captions of any origin as coco-caption does: BLEU, ROUGE-L, CIDEr-D, lengths and variety; with --clip, also the CLIP score.\n"
            + "Example: tweedie score --results captions.json --references captions_val.json --clip clip-vit-base-patch32 --images val")
        { results, references, clip, images, prompt, json, compute.Device, compute.Threads };
        command.Validators.Add(result =>
        {
            if (result.GetValue(clip) is null != result.GetValue(images) is null)
                result.AddError("--clip and --images belong together: give both or none.");
            else if (result.GetValue(clip) is null && new Option[] { prompt, compute.Device, compute.Threads }.FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } unused)
                result.AddError($"{unused.Name} is for the CLIP score only; give --clip and --images too, or leave it out.");
        });
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(results), parsed.GetRequiredValue(references), parsed.GetValue(clip), parsed.GetValue(images),
            parsed.GetRequiredValue(prompt), parsed.GetValue(json), () => compute.Open(parsed), cancellation)));
        return command;
    }

    private static int Run(string results, string references, string? clip, string? images, string prompt, string? json, Func<TorchSharp.torch.Device> device, CancellationToken cancellation)
    {
        JsonOutput.Check(json);
        var matched = MatchedCaptions.Match(CocoResults.Load(results), CocoCaptions.Load(references));
        using var model = clip is null ? null : ClipModel.Load(clip, device());
        var report = model is null ? null : ClipReport.Create(model, matched, images!, prompt, cancellation);
        var scores = matched.Score();
        var console = Screen.Create(json);
        console.WriteLine($"{results}: {matched.Pairs.Count} captions, references {references}");
        if (matched.WithoutReference > 0)
            console.WriteLine($"warning: {matched.WithoutReference} captions left out: their images have no reference");
        if (matched.WithoutResult > 0)
            console.WriteLine($"warning: {matched.WithoutResult} images of the references have no caption here");
        Print(console, scores);
        if (report is not null)
            Print(console, report, model!, prompt);
        JsonOutput.Write(json, new
        {
            Task = "score",
            Results = Path.GetFullPath(results),
            References = Path.GetFullPath(references),
            Origin = model is null ? new ResultOrigin(null, null, null, null)
                : new ResultOrigin(ResultOrigin.ModelOrigin.Of(clip!, ModelFolder.Clip, model.WeightsHash!), ResultOrigin.DataOrigin.Of(images!, images!, matched.Pairs.Count), Precision.F32, model.Device.ToString()),
            Captions = matched.Pairs.Count,
            matched.WithoutReference,
            matched.WithoutResult,
            Bleu = Enumerable.Range(1, 4).Select(scores.Bleu.Score),
            BleuStatistics = scores.Bleu,
            scores.RougeL,
            scores.CiderD,
            scores.Diversity,
            scores.Note,
            Clip = report is null ? null : new { Model = model!.Folder, Weights = $"sha256:{model.WeightsHash}", Prompt = prompt, Score = report },
        });
        return ExitCodes.Success;
    }

    private static void Print(IAnsiConsole console, CaptionScores scores)
    {
        var table = Screen.Table("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr-D", "words", "distinct-1", "distinct-2", "distinct captions", "repeats");
        table.AddRow([.. Enumerable.Range(1, 4).Select(scores.Bleu.Score).Append(scores.RougeL).Append(scores.CiderD).Select(Four),
            FormattableString.Invariant($"{scores.Diversity.MeanLength:F1} ± {scores.Diversity.LengthDeviation:F1}"),
            Four(scores.Diversity.Distinct1), Four(scores.Diversity.Distinct2), Screen.Percent(scores.Diversity.DistinctCaptions), Screen.Percent(scores.Diversity.Repeats)]);
        console.Show(table);
        if (scores.Note is { } note)
            console.WriteLine($"note: {note}");
    }

    private static void Print(IAnsiConsole console, ClipReport report, ClipModel model, string prompt)
    {
        console.WriteLine($"CLIP score by {model.Folder} (sha256 {model.WeightsHash![..12]}…)" + (prompt == "" ? "" : $", each caption after '{prompt}'"));
        var table = Screen.Table("captions", "cosine", "100·max(cos, 0)", "2.5·max(cos, 0)");
        foreach (var (name, score) in new[] { ("these", report.Captions), ("of another image", report.Shuffled), ("first reference", report.References) })
            if (score is not null)
                table.AddRow(name, Four(score.Cosine), FormattableString.Invariant($"{score.Times100:F2}"), Four(score.ClipS));
        console.Show(table);
        if (report.Cut > 0)
            console.WriteLine($"warning: the model read only the beginning of {report.Cut} captions; they are longer than its {model.Options.Network.Text.Length} tokens");
    }

    private static string Four(double value) => FormattableString.Invariant($"{value:F4}");
}
