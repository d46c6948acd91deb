using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie caption</c>.</summary>
internal static class CaptionCommand
{
    public static Command Create()
    {
        var images = CommonOptions.Images();
        var model = CommonOptions.Model();
        var steps = new Option<int?>("--steps") { Description = "Sampling steps; by default the model's own number, or 100; an autoregressive model has one per token", HelpName = "N" };
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale; by default the model's own, or 1", HelpName = "X" };
        var toOne = new Option<ToOneKind>("--to-one") { Description = "argmax or multinomial", HelpName = "NAME" }.OneOf();
        var (temperature, topP) = (CommonOptions.Temperature(), CommonOptions.TopP());
        var beams = new Option<int>("--beams") { Description = "For an autoregressive model: captions that are followed at a time, of which the best is given", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var unmasking = new Option<UnmaskingKind>("--unmasking") { Description = "For a masked diffusion model: confidence or ancestral", HelpName = "NAME" }.OneOf();
        var count = new Option<int>("--count") { Description = "Captions per image, each from its own noise", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var choose = CommonOptions.Choose();
        var stable = new Option<int>("--stop-when-stable") { Description = "Stop once all sentences have stayed the same for N steps; 0 runs all steps. Not for masked diffusion or an autoregressive model", HelpName = "N" }.AtLeast(0);
        var trace = new Option<bool>("--trace") { Description = "Print the sentence at every step, with the words that changed marked" };
        var sampler = new SamplerOptions();
        var (seed, json, compute, precision) = (CommonOptions.Seed(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("caption",
            "Caption images.\nExample: tweedie caption --model runs/flickr8k/model dog.jpg --steps 20 --guidance 1.5 --trace")
        { images, model, steps, guidance, toOne, temperature, topP, beams, unmasking, count, choose, stable, trace, seed, json, compute.Device, compute.Threads, precision };
        sampler.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(images), parsed.GetRequiredValue(model), parsed.GetValue(trace), parsed.GetValue(json),
            compute.Open(parsed), parsed.GetValue(precision),
            sampler.Read(parsed, new SamplingOptions
            {
                Steps = parsed.IsGiven(steps) ? parsed.GetValue(steps) : null,
                Guidance = parsed.GetValue(guidance),
                ToOne = parsed.GetValue(toOne),
                Temperature = parsed.GetValue(temperature),
                TopP = parsed.GetValue(topP),
                Beams = parsed.GetValue(beams),
                Unmasking = parsed.GetValue(unmasking),
                Draws = parsed.GetValue(count),
                Choose = parsed.GetValue(choose),
                StopWhenStable = parsed.GetValue(stable),
                Seed = parsed.GetValue(seed),
            }), cancellation)));
        return command;
    }

    private static int Run(string[] paths, string model, bool trace, string? json, Device device, Precision precision,
        SamplingOptions sampling, CancellationToken cancellation)
    {
        Configuration.OptionsValidator.ValidateMembers(sampling, "caption");
        JsonOutput.Check(json);
        using var captioner = ImageCaptioner.Load(model, device, precision.WarnIfSlow(device));
        var settings = captioner.Model.Resolve(sampling);
        var console = Screen.Create(json);
        var (images, exitCode) = ImageAnswers.Of(
            paths, path => Captioning.Of(captioner, path, sampling, trace, cancellation), result => result.Print(console), cancellation);
        JsonOutput.Write(json, new { Task = "caption", Model = model, Origin = ResultOrigin.Of(model, precision, device), Settings = settings, Images = images });
        return exitCode;
    }
}
