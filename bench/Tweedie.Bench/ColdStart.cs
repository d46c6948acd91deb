using System.Diagnostics;
using System.Globalization;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;

namespace Tweedie.Bench;

/// <summary>
/// How much of a processor a published, trimmed, self-contained program takes from its start to its first answer, beside a bare program on ONNX Runtime that runs the same
/// graphs. Both run in turns, and each measures itself. The sizes of their folders are shown by part.
/// </summary>
internal static class ColdStart
{
    private const int Rounds = 15, Steps = 20;

    public static void Run()
    {
        var root = Directory.CreateTempSubdirectory("tweedie-bench-");
        try
        {
            var (model, image) = (Path.Combine(root.FullName, "exported"), Path.Combine(root.FullName, "image.png"));
            Export(model);
            ImageWriter.Save(new ShapeSource(1, 64).Read(0), image);
            var (own, bare) = (Publish("Classify", root.FullName), Publish("Bare", root.FullName));
            var times = new List<(double Own, double Bare)>();
            for (var round = -1; round < Rounds; round++)
            {
                var time = (Start(own, model, image), Start(bare, model, $"{Steps}"));
                if (round >= 0) // the first reads the files into memory
                    times.Add(time);
            }
            var (first, second, ratio) = (Median(times.Select(time => time.Own)), Median(times.Select(time => time.Bare)), Median(times.Select(time => time.Own / time.Bare)));
            Console.WriteLine(FormattableString.Invariant($"to the first answer, of a processor: {first:F0} ms, and a bare program {second:F0} ms; {ratio:F2} times as much (medians of {Rounds} rounds, in turns)"));
            Sizes(Path.GetDirectoryName(own)!);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    private static void Export(string folder)
    {
        var options = new ClassifierOptions
        {
            ClassNames = [.. Enumerable.Range(0, 10).Select(label => $"class {label}")],
            Encoder = new() { ImageSize = 32, PatchSize = 4, Width = 192, Depth = 6, Heads = 3 },
            Denoiser = new() { Width = 192, Depth = 3, Heads = 3 },
            Sampling = new() { Steps = Steps },
            Mean = [0.5, 0.5, 0.5],
            Std = [0.5, 0.5, 0.5],
        };
        using var model = new ImageClassifier(options, TokenNetwork.Create(options, options.ClassNames.Count));
        OnnxExport.Export(model, folder);
    }

    private static string Publish(string program, string root)
    {
        var output = Path.Combine(root, program);
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Path.Combine("bench", "ColdStart", program), "-c", "Release", "-o", output, "--nologo", "-v", "quiet"]))!;
        publish.WaitForExit();
        return publish.ExitCode == 0 ? Path.Combine(output, OperatingSystem.IsWindows() ? $"{program}.exe" : program)
            : throw new TweedieException("The programs cannot be published; run this from the root of the repository.");
    }

    private static double Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return double.Parse(lines[^1], CultureInfo.InvariantCulture);
    }

    private static void Sizes(string folder)
    {
        var parts = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).GroupBy(file => Path.GetFileName(file) switch
        {
            var name when name.Contains("onnxruntime", StringComparison.OrdinalIgnoreCase) => "ONNX Runtime",
            var name when name.Contains("vips", StringComparison.OrdinalIgnoreCase) => "libvips",
            var name when name.StartsWith("Tweedie", StringComparison.Ordinal) || name.StartsWith("Classify", StringComparison.Ordinal) => "Tweedie and the program",
            var name when name.EndsWith(".so", StringComparison.Ordinal) => ".NET, native",
            _ => ".NET and libraries, managed",
        }).ToDictionary(part => part.Key, part => part.Sum(file => new FileInfo(file).Length));
        foreach (var (part, bytes) in parts.Append(new("in all", parts.Values.Sum())))
            Console.WriteLine(FormattableString.Invariant($"  {part,-28} {bytes / 1e6,8:F1} MB"));
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
