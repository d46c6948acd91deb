using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie annotate</c>.</summary>
internal static class AnnotateCommand
{
    public static Command Create()
    {
        var (images, model, draw) = (CommonOptions.Images(), CommonOptions.Model(), new DrawOptions());
        var known = new Option<string[]>("--known")
        {
            Description = "Attributes that are known, such as \"color=red\"; may be given several times",
            HelpName = "NAME=ENTRY",
        };
        var guidance = new Option<double?>("--guidance") { Description = "Guidance scale; by default the model's own, or 1", HelpName = "X" };
        var (json, compute, precision) = (CommonOptions.Json(), new ComputeOptions(), CommonOptions.Precision());
        var command = new Command("annotate",
            "Predict several attributes of images that go together, given those that are known.\n"
            + "Example: tweedie annotate --model runs/scenes-attributes/model photo.png --known \"TopLeft shape=circle\"")
        { images, model, known, guidance, json, compute.Device, compute.Threads, precision };
        draw.AddTo(command);
        command.SetAction((parsed, cancellation) =>
        {
            var (folder, target) = (parsed.GetRequiredValue(model), parsed.GetValue(json));
            JsonOutput.Check(target);
            var device = compute.Open(parsed);
            var weights = parsed.GetValue(precision).WarnIfSlow(device);
            using var annotator = ImageAnnotator.Load(folder, device, weights);
            var sampling = draw.Read(parsed, new SamplingOptions { Guidance = parsed.GetValue(guidance) });
            var settings = annotator.Model.Resolve(sampling);
            var given = Row(annotator.Columns, parsed.GetValue(known) ?? []);
            var console = Screen.Create(target);
            var (answers, exitCode) = ImageAnswers.Of(parsed.GetRequiredValue(images), path => Of(annotator, path, given, sampling, cancellation), answer => answer.Print(console), cancellation);
            JsonOutput.Write(target, new { Task = "annotation", Model = folder, Origin = ResultOrigin.Of(folder, weights, device), Settings = settings, Known = parsed.GetValue(known), Images = answers });
            return Task.FromResult(exitCode);
        });
        return command;
    }

    private static Answer Of(ImageAnnotator annotator, string path, long[] known, SamplingOptions sampling, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var condition = annotator.Encode(annotator.Prepare([ImageDecoder.DecodeFile(path, annotator.Options.Input.Channels)]));
        return new(path, annotator.Annotate(condition, [known], sampling, cancellation)[0]);
    }

    // The row of what is known.
    private static long[] Row(TokenColumns columns, IReadOnlyList<string> known)
    {
        var row = Enumerable.Repeat(ITokenRowSource.Missing, columns.Count).ToArray();
        foreach (var given in known)
        {
            if (given.Split('=', 2) is not [var name, var entry])
                throw new UsageException($"--known {given}: has no '='; write it as NAME=ENTRY.");
            var place = Enumerable.Range(0, columns.Count).FirstOrDefault(column => string.Equals(columns[column].Name, name.Trim(), StringComparison.OrdinalIgnoreCase), -1);
            if (place < 0)
                throw new TweedieException($"--known {given}: the model has no attribute '{OneLine.Of(name.Trim())}'; it has {OneLine.Of(string.Join(", ", columns.Select(column => column.Name)))}.");
            if (row[place] != ITokenRowSource.Missing)
                throw new UsageException($"--known {given}: {columns[place].Name} is given twice; give it once.");
            row[place] = columns.Find(place, entry.Trim());
            if (row[place] == ITokenRowSource.Missing)
                throw new TweedieException($"--known {given}: '{OneLine.Of(entry.Trim())}' is none of the entries of {columns[place].Name}: {OneLine.Of(string.Join(", ", columns[place].Entries))}.");
        }
        return row;
    }

    /// <summary>The attributes of an image.</summary>
    internal sealed record Answer(string Image, IReadOnlyList<Annotation> Attributes)
    {
        public void Print(IAnsiConsole console)
        {
            console.WriteLine(Image);
            var width = Attributes.Max(attribute => attribute.Name.Length);
            foreach (var attribute in Attributes)
                console.WriteLine($"  {attribute.Name.PadRight(width)}  {attribute.Entry}  {Screen.Percent(attribute.Probability)}");
        }
    }
}
