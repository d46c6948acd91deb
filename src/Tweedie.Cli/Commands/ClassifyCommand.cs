using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie classify</c>.</summary>
internal static class ClassifyCommand
{
    public static Command Create()
    {
        var images = CommonOptions.Images();
        var model = CommonOptions.Model();
        var top = new Option<int>("--top") { Description = "Classes to print", DefaultValueFactory = _ => 5, HelpName = "N" }.AtLeast(1);
        var steps = new Option<int?>("--steps") { Description = "Sampling steps; by default the model's own number, or 20", HelpName = "N" };
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale; by default the model's own, or 1", HelpName = "X" };
        var decode = new Option<DecodeKind>("--decode") { Description = "last or consensus", DefaultValueFactory = _ => ImageClassifier.DefaultSampling.Decode!.Value, HelpName = "NAME" }.OneOf();
        var draws = new Option<int>("--draws") { Description = "Independent draws: their mean, and how far they spread", DefaultValueFactory = _ => 1, HelpName = "N" };
        var trace = new Option<bool>("--trace") { Description = "Print the distribution at every step" };
        var (seed, json, compute, precision) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("classify",
            "Classify images, with probabilities.\n"
            + "If probabilities are calibrated, about 80 of 100 answers with 80 % are right, on images like the held-out ones. If not, they are what the network\n"
            + "says, which may be too sure. '± between draws' shows how far the draws lie apart; it is not an error bar of the probability.\n"
            + "Example: tweedie classify --model runs/cifar10/model cat.jpg photos --top 3")
        { images, model, top, steps, guidance, decode, draws, trace, seed, json, compute.Device, compute.Threads, precision };
        command.SetAction((parsed, cancellation) =>
        {
            var folder = parsed.GetRequiredValue(model);
            parsed.RefuseIfLinear(folder, steps, guidance, decode, draws, trace, seed);
            var sampling = new SamplingOptions
            {
                Steps = parsed.GetValue(steps),
                Guidance = parsed.GetValue(guidance),
                Decode = parsed.GetValue(decode),
                Draws = parsed.GetValue(draws),
                Seed = parsed.GetValue(seed),
            };
            return Task.FromResult(Run(parsed.GetRequiredValue(images), folder, parsed.GetValue(top), parsed.GetValue(trace), parsed.GetValue(json),
                compute.Open(parsed), parsed.GetValue(precision), sampling, cancellation));
        });
        return command;
    }

    private static int Run(string[] paths, string model, int top, bool trace, string? json, Device device, Precision precision,
        SamplingOptions sampling, CancellationToken cancellation)
    {
        Configuration.OptionsValidator.ValidateMembers(sampling, "classify");
        JsonOutput.Check(json);
        using var classifier = ImageClassifier.Load(model, device, precision.WarnIfSlow(device));
        var settings = classifier.Network.IsLinear ? null : classifier.Model.Resolve(sampling);
        var console = Screen.Create(json);
        console.WriteLine(CalibrationLine.Of(classifier.Calibration, settings));
        var (images, exitCode) = ImageAnswers.Of(
            paths, path => Classification.Of(classifier, path, sampling, top, trace, cancellation), result => result.Print(console), cancellation);
        JsonOutput.Write(json, new
        {
            Task = "classification",
            Model = model,
            Origin = ResultOrigin.Of(model, precision, device),
            Settings = settings,
            Calibration = classifier.Calibration?.Find(settings) is { } found ? new { found.Temperature, found.Data, found.Images } : null,
            Images = images,
        });
        return exitCode;
    }
}
