using System.CommandLine;
using Tweedie.Diffusion;
using Tweedie.Diffusion.Masked;
using Tweedie.Evaluation;
using Tweedie.Models;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie eval</c>.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var model = CommonOptions.Model();
        var data = new Option<string>("--data") { Description = "A data file or folder; of a folder with splits, the test split", Required = true, HelpName = "FILE-OR-FOLDER" };
        var steps = CommonOptions.List("--steps", "Numbers of sampling steps", CommonOptions.PositiveInteger, 1, 5, 20);
        var guidance = CommonOptions.List("--guidance", "Guidance scales, 0 or more", CommonOptions.Scale, 1.0);
        var toOne = CommonOptions.List("--to-one", "argmax, multinomial", CommonOptions.Name<ToOneKind>, ToOneKind.Argmax);
        var decode = CommonOptions.List("--decode", "last, consensus", CommonOptions.Name<DecodeKind>, DecodeKind.Last, DecodeKind.Consensus);
        var schedule = new Option<GuidanceSchedule>("--guidance-schedule") { Description = "constant, or linear from 1 to the scale", HelpName = "NAME" }.OneOf();
        var control = new Option<bool>("--control") { Description = "Add the noise-only control: nothing is fed back between steps" };
        var draws = new Option<int>("--draws") { Description = "Of a classifier: independent draws that are averaged", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var unmasking = new Option<UnmaskingKind>("--unmasking") { Description = "Of a masked diffusion captioner: confidence or ancestral", HelpName = "NAME" }.OneOf();
        var results = new Option<string?>("--results") { Description = "Of a captioner: write its captions as a COCO results file; takes one setting", HelpName = "FILE" };
        var limit = new Option<int?>("--limit") { Description = "Evaluate the first N images only", HelpName = "N" }.AtLeast(1);
        var batch = new Option<int>("--batch-size") { Description = "Images at a time", DefaultValueFactory = _ => 500, HelpName = "N" }.AtLeast(1);
        var (seed, json, device, precision) = (CommonOptions.Seed(), CommonOptions.Json(), CommonOptions.Device(), CommonOptions.Precision());
        var command = new Command("eval",
            "Accuracy of a classifier or scores of a captioner on a data set, for every combination of the sampling settings.\n"
            + "Each image is encoded once.\n"
            + "Example: tweedie eval --model runs/fashion-mnist/model --data DATA --steps 1,5,20 --guidance 1,1.5 --control")
        { model, data, steps, guidance, schedule, toOne, unmasking, decode, control, draws, results, limit, batch, seed, json, device, precision };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(model);
            var kind = ModelFolder.ReadKind(folder);
            Option[] meaningless = kind switch
            {
                ModelKind.Captioner => [draws],
                ModelKind.Classifier => [unmasking, results],
                _ => [],
            };
            if (Array.Find(meaningless, option => IsGiven(parsed, option)) is { } given)
            {
                Console.Error.WriteLine($"error: {given.Name} means nothing to a {kind.ToString().ToLowerInvariant()}, which {folder} holds; leave it out.");
                return Task.FromResult(ExitCodes.Usage);
            }
            var target = new EvalTarget(folder, parsed.GetRequiredValue(data), parsed.GetValue(limit), parsed.GetValue(json),
                CommonOptions.ParseDevice(parsed.GetRequiredValue(device)), parsed.GetValue(precision));
            return Task.FromResult(kind == ModelKind.Captioner
                ? CaptionerEval.Run(target, parsed.GetValue(results), new CaptionSettings
                {
                    Steps = parsed.GetRequiredValue(steps),
                    Guidance = parsed.GetRequiredValue(guidance),
                    GuidanceSchedule = parsed.GetValue(schedule),
                    ToOne = parsed.GetRequiredValue(toOne),
                    Unmasking = parsed.GetValue(unmasking),
                    Decode = IsGiven(parsed, decode) ? parsed.GetRequiredValue(decode) : [DecodeKind.Last],
                    Control = parsed.GetValue(control),
                    Seed = parsed.GetValue(seed),
                    BatchSize = IsGiven(parsed, batch) ? parsed.GetValue(batch) : new CaptionSettings().BatchSize,
                }, cancellation)
                : ClassifierEval.Run(target, new ClassificationSettings
                {
                    Steps = parsed.GetRequiredValue(steps),
                    Guidance = parsed.GetRequiredValue(guidance),
                    GuidanceSchedule = parsed.GetValue(schedule),
                    ToOne = parsed.GetRequiredValue(toOne),
                    Decode = parsed.GetRequiredValue(decode),
                    Control = parsed.GetValue(control),
                    Draws = parsed.GetValue(draws),
                    Seed = parsed.GetValue(seed),
                    BatchSize = parsed.GetValue(batch),
                }, cancellation));
        });
        return command;
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
