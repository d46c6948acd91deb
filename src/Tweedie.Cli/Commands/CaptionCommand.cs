using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie caption</c>.</summary>
internal static class CaptionCommand
{
    public static Command Create()
    {
        var images = CommonOptions.Images();
        var model = CommonOptions.Model();
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale; by default the model's own, or 1", HelpName = "X" };
        var count = new Option<int>("--count") { Description = "Captions per image, each from its own noise", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);
        var (choose, judge) = (CommonOptions.Choose(), CommonOptions.Judge());
        var stable = new Option<int>("--stop-when-stable") { Description = "Stop once all sentences have stayed the same for N steps; 0 runs all steps. Not for masked diffusion or an autoregressive model", HelpName = "N" }.AtLeast(0);
        var trace = new Option<bool>("--trace") { Description = "Print the sentence at every step, with the words that changed marked" };
        var template = new Option<string?>("--template") { Description = "Fixed words: in \"a [__] dog\" a gap of two words is filled; with ... at the end the caption goes on", HelpName = "TEXT" };
        var (draw, json, compute, precision) = (new DrawOptions(), CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("caption",
            "Caption images.\nExample: tweedie caption --model runs/flickr8k/model dog.jpg --steps 20 --guidance 1.5 --trace")
        { images, model, guidance, count, choose, judge, template, stable, trace, json, compute.Device, compute.Threads, precision };
        draw.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(images), parsed.GetRequiredValue(model), parsed.GetValue(template), parsed.GetValue(judge), parsed.GetValue(trace), parsed.GetValue(json),
            compute.Open(parsed), parsed.GetValue(precision),
            draw.Read(parsed, new SamplingOptions
            {
                Guidance = parsed.GetValue(guidance),
                Draws = parsed.GetValue(count),
                Choose = parsed.GetValue(choose),
                StopWhenStable = parsed.GetValue(stable),
            }), cancellation)));
        return command;
    }

    private static int Run(string[] paths, string model, string? template, string? judge, bool trace, string? json, Device device, Precision precision,
        SamplingOptions sampling, CancellationToken cancellation)
    {
        Configuration.OptionsValidator.ValidateMembers(sampling, "caption");
        JsonOutput.Check(json);
        using var clip = CommonOptions.OpenJudge(sampling.Choose, judge, device);
        using var captioner = ImageCaptioner.Load(model, device, precision.WarnIfSlow(device));
        var current = ""; // the image that is captioned
        if (clip is not null)
            captioner.Model.Judge = new ClipJudge(clip, captioner, _ => ImageDecoder.DecodeFile(current, clip.Options.Input.Channels));
        var settings = captioner.Model.Resolve(sampling);
        using var constraint = template is null ? null : captioner.Constrain(TokenTemplate.Parse(template, captioner.Tokenizer));
        var console = Screen.Create(json);
        var (images, exitCode) = ImageAnswers.Of(paths, path =>
        {
            current = path;
            return Captioning.Of(captioner, path, sampling, constraint, trace, cancellation);
        }, result => result.Print(console), cancellation);
        JsonOutput.Write(json, new { Task = "caption", Model = model, Origin = ResultOrigin.Of(model, precision, device), Settings = settings, Template = template, Judge = judge, Images = images });
        return exitCode;
    }
}
