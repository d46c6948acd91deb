using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Output;

/// <summary>Says what the probabilities of a classifier are worth, in one line.</summary>
internal static class CalibrationLine
{
    /// <summary>The line for a classifier's folder, sampled by default.</summary>
    public static string Of(string folder)
    {
        using var classifier = ImageClassifier.Load(folder);
        return Of(classifier, classifier.Network.IsLinear ? null : ImageClassifier.DefaultSampling);
    }

    /// <summary>The line for a classifier.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="sampling">How it is sampled, complete; null for a linear head.</param>
    public static string Of(ImageClassifier classifier, SamplingOptions? sampling) => classifier.Calibration switch
    {
        null => "probabilities: uncalibrated; tweedie calibrate fits them to held-out images",
        { } calibration when calibration.Find(sampling) is { } temperature => FormattableString.Invariant(
            $"probabilities: calibrated on {calibration.Images} held-out images of {calibration.Data} (temperature {temperature:F2})"),
        { } calibration => $"probabilities: uncalibrated for this setting; calibrated are {string.Join("; ", calibration.Settings.Select(setting => Name(setting.Sampling)))}",
    };

    /// <summary>The setting in a few words, as the options of the command line say it.</summary>
    public static string Name(SamplingOptions? sampling) => sampling is null ? "linear" : FormattableString.Invariant(
        $"{sampling.Steps} {(sampling.Steps == 1 ? "step" : "steps")}, guidance {sampling.Guidance}, {sampling.Decode.ToString()!.ToLowerInvariant()}")
        + (sampling.Draws > 1 ? $", {sampling.Draws} draws" : "") + (sampling.ToOne == ToOneKind.Argmax ? "" : $", {sampling.ToOne.ToString().ToLowerInvariant()}")
        + (sampling.GuidanceSchedule == GuidanceSchedule.Constant ? "" : $", guidance {sampling.GuidanceSchedule.ToString().ToLowerInvariant()}")
        + (sampling.Control ? ", control" : "");
}
