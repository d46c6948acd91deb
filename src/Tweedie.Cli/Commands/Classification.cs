using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>One image's classes, most probable first, and its trajectory when asked for.</summary>
internal sealed record Classification(string Image, IReadOnlyList<ClassProbability> Classes, IReadOnlyList<Classification.TraceStep>? Trace)
{
    public static Classification Of(ImageClassifier classifier, string path, SamplingOptions sampling, int top, bool trace, CancellationToken cancellation)
    {
        var image = ImageDecoder.DecodeFile(path, classifier.Options.Input.Channels);
        return Of(classifier, path, image, sampling, top, trace, cancellation);
    }

    public static Classification Of(ImageClassifier classifier, string name, RasterImage image, SamplingOptions sampling, int top, bool trace, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var condition = classifier.Encode(classifier.Prepare([image]));
        var prediction = classifier.PredictEncoded(condition, sampling, cancellation);
        var names = classifier.Options.ClassNames;
        var classes = classifier.Answers(prediction, top)[0].Select(answer => new ClassProbability(
            answer.Name, answer.Probability, answer.IsCalibrated ? answer.Uncalibrated : null, sampling.Draws > 1 ? answer.Deviation : null)).ToList();
        var steps = trace && classifier.Options.Method == TokenMethod.Tdd
            ? classifier.Denoise(condition, sampling with { Draws = 1 }, cancellation).Select(step => TraceStep.Of(step.Snapshot(top: int.MaxValue), names)).ToList() : null;
        return new Classification(name, classes, steps);
    }

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(Image);
        if (Trace is not null)
            foreach (var step in Trace)
                console.WriteLine($"  t={step.Timestep,4}  {Bars(step.Probabilities)}  {step.Choice}");
        foreach (var entry in Classes)
            console.WriteLine($"  {Screen.Percent(entry.Probability),9}  {entry.Name}{Spread(entry)}");
    }

    private static string Spread(ClassProbability entry) => entry switch
    {
        { Deviation: not { } } => "",
        { Deviation: { } deviation, Uncalibrated: { } mean } => $"  (before calibration {Screen.Percent(mean)} ± {Screen.Percent(deviation)} between draws)",
        { Deviation: { } deviation } => $"  (± {Screen.Percent(deviation)} between draws)",
    };

    // One character per class; its height shows the probability.
    private static string Bars(IReadOnlyList<double> probabilities)
    {
        const string heights = "·▁▂▃▄▅▆▇█";
        return string.Concat(probabilities.Select(value => heights[(int)Math.Round(value * (heights.Length - 1))]));
    }

    /// <summary>The distribution at one step of a trajectory, class by class.</summary>
    internal sealed record TraceStep(int Step, int Timestep, double AlphaBar, string Choice, IReadOnlyList<double> Probabilities)
    {
        public static TraceStep Of(StepSnapshot step, IReadOnlyList<string> names)
        {
            var probabilities = new double[names.Count];
            foreach (var (entry, probability) in step.Entries[0][0].Zip(step.Probabilities[0][0]))
                probabilities[entry] = probability;
            return new(step.Index + 1, step.Timestep, step.AlphaBar, names[(int)step.Tokens[0][0]], probabilities);
        }
    }
}

/// <summary>A class.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Probability">The probability, calibrated where the model is calibrated for the setting.</param>
/// <param name="Uncalibrated">The model's own probability where the other is calibrated.</param>
/// <param name="Deviation">The deviation of the model's own probability between draws, where there were several.</param>
internal sealed record ClassProbability(string Name, double Probability, double? Uncalibrated, double? Deviation);
