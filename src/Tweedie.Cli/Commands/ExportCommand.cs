using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Onnx;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var model = new Argument<string>("MODEL") { Description = "The folder of a model or a training, or a checkpoint" };
        var output = new Option<string>("--out") { Description = "The folder to write: graphs, model.json, and the tokenizer's files", Required = true, HelpName = "DIR" };
        var opset = new Option<int>("--opset") { Description = "Version of ONNX's operators: 17, 20 or 23", DefaultValueFactory = _ => 17, HelpName = "N" };
        var precision = new Option<OnnxPrecision>("--precision")
        {
            Description = "f32; f16: weights of half the size; int8: linear layers multiply 8-bit whole numbers",
            HelpName = "NAME",
        }.OneOf();
        var sampler = new Option<bool>("--sampler") { Description = "Write the paper's loop too, as one graph that takes all noise as an input (one-hot diffusion)" };
        var drawsNoise = new Option<bool>("--draws-noise") { Description = "With --sampler: that graph draws its noise itself, other noise in each run" };
        var license = new Option<string?>("--data-license") { Description = "The licence of the data that the model was trained on, for its description", HelpName = "TEXT" };
        var command = new Command("export",
            "Write a model as ONNX graphs, which run without libtorch: in .NET by Tweedie.Onnx.Runtime, or in any other program that has an ONNX runtime.\n"
            + "Example: tweedie export runs/photos --out exported")
        { model, output, opset, precision, sampler, drawsNoise, license };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(model), parsed.GetRequiredValue(output), new()
        {
            Opset = parsed.GetValue(opset),
            Precision = parsed.GetValue(precision),
            Sampler = parsed.GetValue(sampler),
            DrawsNoise = parsed.GetValue(drawsNoise),
            DataLicense = parsed.GetValue(license),
        }));
        return command;
    }

    private static int Run(string model, string output, OnnxExportOptions options)
    {
        var written = OnnxExport.Export(model, output, options);
        var console = Screen.Create();
        console.WriteLine($"{output}: {Words(written.Kind)}, operators of version {written.Opset}, weights in {Words(written.Precision)}");
        foreach (var name in written.Files.Keys.Append(OnnxNames.Description))
            console.WriteLine($"  {name,-24} {Size(new FileInfo(Path.Combine(output, name)).Length),12}");
        return ExitCodes.Success;
    }

    private static string Size(long bytes) => bytes < 1_000_000 ? FormattableString.Invariant($"{bytes / 1e3:N1} kB") : FormattableString.Invariant($"{bytes / 1e6:N1} MB");

    private static string Words(Enum value) => value switch
    {
        OnnxModelKind.TextGenerator => "text generator",
        OnnxModelKind.RowGenerator => "generator of rows",
        OnnxModelKind.Clip => "CLIP",
        _ => $"{value}".ToLowerInvariant(),
    };
}
