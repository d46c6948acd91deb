using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;

namespace FirstSteps;

/// <summary>Shows how little it takes to use a model.</summary>
internal static class Answers
{
    /// <summary>Names what an image shows.</summary>
    public static void Classify()
    {
        using var classifier = ImageClassifier.Load("model");
        using var stream = File.OpenRead("cat.png");
        foreach (var answer in classifier.Classify(stream, top: 3))
            Console.WriteLine($"{answer.Name}: {answer.Probability:P1}");
    }

    /// <summary>Follows the steps in which the label appears, without blocking a thread of the pool.</summary>
    public static async Task WatchAsync()
    {
        using var classifier = ImageClassifier.Load("model");
        var image = ImageDecoder.DecodeFile("cat.png");
        await foreach (var step in classifier.DenoiseAsync(image, sampling: new() { Steps = 5 }))
            Console.WriteLine($"t = {step.Timestep}: {classifier.Options.ClassNames[(int)step.Tokens[0][0]]}");
    }

    /// <summary>Takes an image of a stranger, with limits, and at most five seconds for the answer.</summary>
    public static async Task UploadAsync()
    {
        using var classifier = ImageClassifier.Load("model");
        await using var stream = File.OpenRead("cat.png");
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var limits = new ImageDecoderOptions { MaximumPixels = 4_000_000, MaximumBytes = 1 << 20 };
        var image = await ImageDecoder.DecodeAsync(stream, "upload", limits, timeout.Token);
        var best = (await classifier.ClassifyAsync(image, cancellation: timeout.Token))[0];
        Console.WriteLine($"{best.Name} ({(best.IsCalibrated ? "calibrated" : "not calibrated")})");
    }

    /// <summary>Captions an image.</summary>
    public static void Caption()
    {
        using var captioner = ImageCaptioner.Load("captioner");
        using var stream = File.OpenRead("cat.png");
        Console.WriteLine(captioner.Caption(stream));
    }

    /// <summary>Writes texts.</summary>
    public static void Generate()
    {
        using var generator = TextGenerator.Load("generator");
        foreach (var text in generator.Generate(count: 2, prompt: "a small", sampling: new SamplingOptions { Steps = 20, Seed = 7 }))
            Console.WriteLine(text);
    }

    /// <summary>Uses what needs no model.</summary>
    public static void Parts()
    {
        var schedule = NoiseSchedule.Cosine(timesteps: 1000);
        Console.WriteLine($"most of the signal is left at {schedule.AlphaBar.Count(value => value > 0.5)} of {schedule.Timesteps} levels");
        var image = ImageDecoder.DecodeFile("cat.png");
        Console.WriteLine($"{image.Width} x {image.Height} pixels");
    }
}
