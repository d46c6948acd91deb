using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie likelihood</c>.</summary>
internal static class LikelihoodCommand
{
    private const int ImageBatch = 20; // images with five captions each make about a batch of captions

    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "Captioned images, a text, or rows such as markov:states=16: a file or folder; if a folder has splits, its test split is used, or the one that --split names", Required = true, HelpName = "FILE-OR-FOLDER" };
        var draws = new Option<int?>("--draws") { Description = $"For diffusion: noise levels that are drawn for each caption, window or row, a pass of the network each; by default {LikelihoodOptions.DefaultDraws}", HelpName = "N" }.AtLeast(1);
        var steps = new Option<int?>("--steps") { Description = "For diffusion: the bound of sampling in so many steps; by default the limit of ever more steps", HelpName = "N" }.AtLeast(1);
        var proposal = new Option<LevelProposal?>("--proposal")
        {
            Description = "For one-hot diffusion: how levels are drawn, importance or uniform; both have the same mean, and importance varies less",
            HelpName = "NAME",
            CustomParser = result =>
            {
                if (CommonOptions.Name<LevelProposal>(result.Tokens[^1].Value) is { } value)
                    return value;
                result.AddError($"--proposal: '{result.Tokens[^1].Value}' is not valid; use importance, uniform.");
                return null;
            },
        };
        var (lowest, highest) = (new Option<double?>("--log-snr-min") { Description = "For one-hot diffusion: the log-SNR at which sampling starts; by default that of the schedule", HelpName = "X" },
            new Option<double?>("--log-snr-max") { Description = "For one-hot diffusion: the log-SNR at which sampling decides the tokens; by default that of the schedule", HelpName = "X" });
        var limit = new Option<int?>("--limit") { Description = "Measure only N images, windows of a text or rows, spread evenly over the data", HelpName = "N" }.AtLeast(1);
        var batch = new Option<int>("--batch-size") { Description = "Captions, windows or rows per batch", DefaultValueFactory = _ => 100, HelpName = "N" }.AtLeast(1);
        var split = CommonOptions.Split(DataSplit.Test, "Where the data have splits");
        var cache = MeasuredImages.CacheOption();
        var (columns, text) = (new ColumnOptions(), new TextOptions());
        var (seed, json, compute, precision) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("likelihood",
            "Measure how likely human captions of images are to a captioner, or a text or rows to a generator, in nats: -log p of an autoregressive model, an upper bound of it for diffusion.\n"
            + "Example: tweedie likelihood --model runs/flickr8k/model --data flickr8k --limit 200")
        { model, data, split, draws, steps, proposal, lowest, highest, limit, batch, cache, columns.Image, columns.Caption, seed, json, compute.Device, compute.Threads, precision };
        foreach (var option in text.All)
            command.Add(option);
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(model);
            var kind = ModelFolder.ReadKind(folder);
            if (kind is not (ModelFolder.Captioner or ModelFolder.TextGenerator or ModelFolder.RowGenerator))
                throw new TweedieException($"{folder} holds a model of kind {kind}, and likelihood measures captions, texts and rows; give the folder of a captioner or a generator.", FaultKind.Model);
            if (kind == ModelFolder.Captioner)
                parsed.Refuse(folder, kind, text.All);
            else
                parsed.Refuse(folder, kind, cache, columns.Image, columns.Caption);
            if (kind == ModelFolder.RowGenerator)
                parsed.Refuse(folder, kind, text.All);
            var options = new LikelihoodOptions
            {
                Draws = parsed.GetValue(draws),
                Steps = parsed.GetValue(steps),
                Proposal = parsed.GetValue(proposal),
                LogSnrMin = parsed.GetValue(lowest),
                LogSnrMax = parsed.GetValue(highest),
                BatchSize = parsed.GetValue(batch),
                Seed = parsed.GetValue(seed),
            };
            OptionsValidator.ValidateMembers(options, "likelihood");
            JsonOutput.Check(parsed.GetValue(json));
            var place = compute.Open(parsed);
            var (dataset, weights) = (parsed.GetRequiredValue(data), parsed.GetValue(precision).WarnIfSlow(place));
            if (kind != ModelFolder.Captioner)
                return Task.FromResult(GeneratorLikelihood.Run(new(folder, dataset, parsed.GetValue(split), text.Read(parsed), place, weights), parsed.GetValue(limit), options, parsed.GetValue(json), cancellation));
            using var opened = EvaluatedModel.Open(folder, dataset, parsed.GetValue(split), parsed.GetValue(limit), place, weights, columns.Read(parsed), cancellation);
            var origin = ResultOrigin.Of(folder, weights, place, ResultOrigin.DataOrigin.Of(dataset, opened.Source.Name, opened.Source.Count, parsed.GetValue(split)));
            return Task.FromResult(Run(opened, folder, options, origin, parsed.GetValue(json), parsed.GetValue(cache), cancellation));
        });
        return command;
    }

    private static int Run(EvaluatedModel opened, string folder, LikelihoodOptions options, ResultOrigin origin, string? json, string? cache, CancellationToken cancellation)
    {
        var (captioner, source) = (opened.Captioner!, (ICaptionSource)opened.Source);
        _ = captioner.Model.Process.Bound(options); // refuses what the model cannot do before the first image is read
        var console = Screen.Create(json);
        using var line = new LiveLine(Screen.TerminalFor(json));
        foreach (var warning in opened.Warnings)
            console.WriteLine($"warning: {warning}");
        console.WriteLine($"{folder}: {opened.Title}, {source.Count} images of {source.Name}{(origin.Data!.Split == DataSplit.Validation ? " (validation split)" : "")}");
        using var images = MeasuredImages.Open(captioner.Model, folder, source, cache, line, cancellation);
        var done = 0;
        var measured = CaptionLikelihood.Measure(captioner, source, images.Stream(ImageBatch, cancellation).Select(batch =>
        {
            line.Write($"{done:N0} of {source.Count:N0} images measured");
            done += batch.Count;
            return batch;
        }), options, cancellation);
        line.Clear();
        string[] left = [.. LikelihoodTable.Warnings(measured, captioner)];
        foreach (var warning in left)
            console.WriteLine($"warning: {warning}");
        console.Show(LikelihoodTable.Create(measured));
        foreach (var note in LikelihoodTable.Notes(measured, options, captioner.Options.Tokens))
            console.WriteLine(note);
        JsonOutput.Write(json, new
        {
            Task = "likelihood",
            Samples = measured.Images,
            Origin = origin,
            Settings = options,
            Warnings = opened.Warnings.Concat(left),
            Result = Result(measured, source),
        });
        return ExitCodes.Success;
    }

    private static object Result(CaptionLikelihood measured, ICaptionSource source)
    {
        var (summary, (start, path, end)) = (measured.Summary, measured.MeanTerms);
        return new
        {
            summary.IsExact,
            Captions = summary.Items,
            Words = summary.Tokens,
            NatsPerCaption = summary.NatsPerItem,
            NatsPerWord = summary.NatsPerToken,
            BitsPerWord = summary.BitsPerToken,
            measured.NatsOnPadding,
            summary.Draws,
            Terms = summary.IsExact ? null : new { Start = start, Path = path, End = end },
            measured.Cut,
            measured.Unknown,
            Images = measured.Captions.GroupBy(caption => caption.Image).Select(image => new { Id = source.GetId(image.Key), Nats = image.Select(caption => caption.Nats), Words = image.Select(caption => caption.Words) }),
        };
    }
}
