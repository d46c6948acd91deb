using System.CommandLine;
using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Networks;
using Tweedie.Training;

namespace Tweedie.Cli.Commands;

/// <summary><c>tweedie data inspect</c>.</summary>
internal static class DataCommand
{
    private const int SheetImages = 48;
    private const int SheetColumns = 8;
    private const int BrokenShown = 10;
    private const int ShownEvery = 100; // images between two changes of the live line
    private const int CaptionsShown = 4;
    private static readonly long[] NoTarget = [0]; // images without a label are shown too

    public static Command Create()
    {
        var source = new Argument<string>("SOURCE") { Description = "A data file or folder, or shapes:… or scenes:…" };
        var split = CommonOptions.Split(DataSplit.Train, "Where the data have splits");
        var transform = new Option<string?>("--transform") { Description = "Show images as this config's training would see them, before mixup", HelpName = "CONFIG" };
        var output = new Option<string?>("--out") { Description = "Write a contact sheet of random images", HelpName = "FILE" };
        var seed = CommonOptions.Seed(1);
        var columns = new ColumnOptions();
        var inspect = new Command("inspect",
            "Read every image of a data set, report counts, sizes and broken files, and draw a contact sheet.\n"
            + "Example: tweedie data inspect photos --transform configs/cifar10.yaml --out grid.png")
        { source, split, transform, output, seed, columns.Image, columns.Label, columns.Caption };
        inspect.SetAction((parsed, cancellation) => Task.FromResult(Run(
            parsed.GetRequiredValue(source), parsed.GetValue(split), parsed.GetValue(transform), parsed.GetValue(output), parsed.GetValue(seed),
            columns.Read(parsed), cancellation)));
        return new Command("data", "Look at data sets.\nExample: tweedie data inspect photos") { inspect };
    }

    private static int Run(string specification, DataSplit split, string? transform, string? output, long seed, ImageSourceOptions reading, CancellationToken cancellation)
    {
        OutputFile.Check("--out", output);
        var input = transform is null ? null : InputOf(RunConfig.From(ConfigDocument.Load(transform)));
        reading = reading with
        {
            Channels = input?.Encoder.Channels ?? 3,
            NeedsLabels = false,
            ImageColumn = reading.ImageColumn ?? input?.Data.ImageColumn,
            LabelColumn = reading.LabelColumn ?? input?.Data.LabelColumn,
            CaptionColumn = reading.CaptionColumn ?? input?.Data.CaptionColumn,
        };
        IImageSource source = CaptionSources.Recognizes(specification, cancellation) ? CaptionSources.Open(specification, split, reading, cancellation)
            : ImageSources.Open(specification, split, reading, cancellation);
        var console = Screen.Create();
        var (shapes, broken) = Read(source, cancellation);
        Print(console, source, shapes, broken);
        if (source is ICaptionSource captioned)
            PrintCaptions(console, captioned);
        if (output is not null)
        {
            var chosen = Choose(source, [.. broken.Select(entry => entry.Index)], seed);
            var images = input is var (data, encoder) ? AsTraining(chosen, data, encoder, seed) : Enumerable.Range(0, chosen.Count).Select(chosen.Read);
            ImageWriter.Save(ContactSheet.Draw(images.Select((image, place) => (image, TextOf(chosen, source, place))), SheetColumns), output);
            console.WriteLine($"contact sheet: {output}");
        }
        return broken.Count == 0 ? ExitCodes.Success : ExitCodes.Failure;
    }

    private static (List<ImageShape> Shapes, List<(int Index, string Error)> Broken) Read(IImageSource source, CancellationToken cancellation)
    {
        var (shapes, broken) = (new List<ImageShape>(), new List<(int, string)>());
        using var line = new LiveLine();
        for (var index = 0; index < source.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                shapes.Add(source.Read(index).Shape);
            }
            catch (TweedieException error)
            {
                broken.Add((index, error.Message));
            }
            if ((index + 1) % ShownEvery == 0)
                line.Write($"{index + 1:N0} of {source.Count:N0} images read, {broken.Count:N0} broken");
        }
        return (shapes, broken);
    }

    private static void Print(IAnsiConsole console, IImageSource source, List<ImageShape> shapes, List<(int Index, string Error)> broken)
    {
        var classes = source.ClassNames.Count == 0 ? "no labels" : source.ClassNames.Count == 1 ? "1 class" : $"{source.ClassNames.Count} classes";
        console.WriteLine($"{source.Name}: {source.Count:N0} {(source.Count == 1 ? "image" : "images")}, {classes}, {broken.Count} broken");
        if (source.ClassNames.Count > 0)
            PrintClasses(console, source);
        foreach (var (name, values) in new[] { ("width", shapes.Select(shape => shape.Width)), ("height", shapes.Select(shape => shape.Height)) })
        {
            var sorted = values.Order().ToList();
            if (sorted.Count > 0)
                console.WriteLine($"{name}: {sorted[0]} to {sorted[^1]} pixels, median {sorted[sorted.Count / 2]}");
        }
        foreach (var warning in source.Warnings)
            console.WriteLine($"warning: {warning}");
        foreach (var (_, error) in broken.Take(BrokenShown))
            console.WriteLine($"broken: {error}");
        if (broken.Count > BrokenShown)
            console.WriteLine($"and {broken.Count - BrokenShown} more");
    }

    private static void PrintClasses(IAnsiConsole console, IImageSource source)
    {
        var table = Screen.Table("label", "class", "images");
        foreach (var (label, count) in Enumerable.Range(0, source.Count).Where(source.HasLabel).CountBy(source.GetLabel).OrderBy(pair => pair.Key))
            table.AddRow($"{label}", Markup.Escape(source.ClassNames[label]), $"{count:N0}");
        console.Show(table);
    }

    private static void PrintCaptions(IAnsiConsole console, ICaptionSource source)
    {
        console.WriteLine($"{Enumerable.Range(0, source.Count).Sum(index => source.GetCaptions(index).Count):N0} captions, such as");
        for (var index = 0; index < Math.Min(CaptionsShown, source.Count); index++)
            console.WriteLine($"  {source.GetId(index)}: {source.GetCaptions(index)[0]}");
    }

    private static (DataOptions Data, VisionTransformerOptions Encoder)? InputOf(RunConfig config) => config switch
    {
        ClassificationRun run => (run.Data, run.Model.Encoder),
        CaptionRun run => (run.Data, run.Model.Encoder),
        _ => null,
    };

    // The class, or the beginning of the first caption.
    private static string TextOf(SubsetSource chosen, IImageSource source, int place) => source is ICaptionSource captioned
        ? captioned.GetCaptions(chosen.Indices[place]) is [var first, ..] ? first : ""
        : chosen.ClassNames.Count > 0 && chosen.HasLabel(place) ? chosen.ClassNames[chosen.GetLabel(place)] : "";

    private static SubsetSource Choose(IImageSource source, HashSet<int> broken, long seed)
    {
        var order = Enumerable.Range(0, source.Count).Where(index => !broken.Contains(index)).ToArray();
        if (order.Length == 0)
            throw new TweedieException($"{source.Name}: no image can be read, so there is nothing to draw.");
        new SampleRandom(Seeds.Derive(seed, SeedPurpose.Shuffle)).Shuffle<int>(order);
        return new SubsetSource(source, order.Take(SheetImages));
    }

    private static IEnumerable<RasterImage> AsTraining(SubsetSource source, DataOptions data, VisionTransformerOptions encoder, long seed)
    {
        var normalization = Normalization.Create(data, encoder.Channels);
        var loader = new ImageLoader(source, ImageTransforms.ForTraining(encoder.ImageSize, data.Augment, normalization), normalization, new ImageLoaderOptions
        {
            BatchSize = source.Count,
            Seed = seed,
            Erasing = data.Augment.Erasing is { } erasing ? new RandomErasing(erasing) : null,
        }, (_, _) => NoTarget);
        using var batch = loader.Epoch(0).First();
        return [.. Enumerable.Range(0, batch.Count).Select(place => normalization.Invert(batch.Memory.Image(place), batch.Shape))];
    }
}
