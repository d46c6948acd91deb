using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie import vit</c>.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var weights = new Argument<string>("WEIGHTS") { Description = "A safetensors file under timm's or Hugging Face's names, or the index of several; config.json and preprocessor_config.json beside it are read too" };
        var output = new Option<string>("--out") { Description = "The folder to write: config.json and model.safetensors", Required = true, HelpName = "DIR" };
        var heads = new Option<int?>("--heads")
        {
            Description = "Attention heads; by default those of the config beside the weights, or of the published size with this width",
            HelpName = "N",
        }.AtLeast(1);
        var mean = CommonOptions.List("--mean", "mean of each channel of the input; by default the config's, or 0.5", CommonOptions.Scale);
        var std = CommonOptions.List("--std", "standard deviation of each channel of the input; by default the config's, or 0.5", CommonOptions.Scale);
        var vit = new Command("vit",
            "Make an image encoder from a published vision Transformer, so that a training can start from it. Its class head is left out.\n"
            + "Example: tweedie import vit vit_base_patch16_224/model.safetensors --out encoders/vit-b16")
        { weights, output, heads, mean, std };
        vit.SetAction(parsed => Run(
            parsed.GetRequiredValue(weights), parsed.GetRequiredValue(output), parsed.GetValue(heads), parsed.GetRequiredValue(mean), parsed.GetRequiredValue(std)));
        return new Command("import", "Import published weights.\nExample: tweedie import vit model.safetensors --out encoders/vit-b16") { vit };
    }

    private static int Run(string weights, string output, int? heads, double[] mean, double[] std)
    {
        using var encoder = VitImport.Load(weights, heads, mean.Length > 0 ? mean : null, std.Length > 0 ? std : null);
        encoder.Save(output);
        var (size, parts) = (encoder.Options.Encoder, ModelCost.Encoder(encoder.Options.Encoder));
        new ModelCard
        {
            Kind = ModelFolder.Encoder,
            Description = "imported vision Transformer",
            Weights = ModelFolder.HashOf(output),
            Parameters = new Dictionary<string, long> { [parts.Name] = parts.Parameters },
            Origin = Path.GetFileName(weights),
        }.Write(output);
        var console = Screen.Create();
        console.WriteLine($"{output}: encoder of {size.Channels}x{size.ImageSize}x{size.ImageSize} in patches of {size.PatchSize}, "
            + $"{size.Depth} layers of width {size.Width} with {size.Heads} heads and {Words(size.Activation)}, {parts.Parameters:N0} parameters, "
            + $"mean [{string.Join(", ", encoder.Options.Mean)}], std [{string.Join(", ", encoder.Options.Std)}], {Words(encoder.Options.Interpolation)} resizing of {Proportions(encoder.Options)}");
        foreach (var note in encoder.Notes)
            console.WriteLine($"note: {note}");
        return ExitCodes.Success;
    }

    private static string Words(Enum value) => value switch
    {
        Activation.QuickGelu => "quick GELU",
        Activation.Gelu => "GELU",
        _ => $"{value}".ToLowerInvariant(),
    };

    private static string Proportions(ImageEncoderOptions options)
    {
        var part = options.CropRatio < 1 ? FormattableString.Invariant($", of which the central {options.CropRatio:0.###} is seen") : "";
        return (options.Fit == ImageFit.Stretch ? "both sides" : "the shorter side") + part;
    }
}
