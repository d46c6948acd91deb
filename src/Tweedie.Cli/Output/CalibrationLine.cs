using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Cli.Output;

/// <summary>Says what the probabilities of a classifier are worth, in one line.</summary>
internal static class CalibrationLine
{
    /// <summary>The line for a classifier's folder, sampled by default.</summary>
    public static string Of(string folder) =>
        Of(ImageClassifier.ReadCalibration(folder), ImageClassifier.ReadOptions(folder) is var options && options.HasHead ? null
            : options.Sampling?.Over(ImageClassifier.DefaultSampling) ?? ImageClassifier.DefaultSampling);

    /// <summary>The line for a calibration.</summary>
    /// <param name="calibration">The calibration; null where the model has none.</param>
    /// <param name="sampling">How the model is sampled, complete; null for a linear head.</param>
    public static string Of(Calibration? calibration, SamplingOptions? sampling) => calibration switch
    {
        null => "probabilities: uncalibrated; tweedie calibrate fits them to held-out images",
        _ when calibration.Find(sampling) is { } setting => FormattableString.Invariant(
            $"probabilities: calibrated on {setting.Images} held-out images of {setting.Data} (temperature {setting.Temperature:F2})"),
        _ => $"probabilities: uncalibrated for this setting; calibrated are {string.Join("; ", calibration.Settings.Select(setting => Name(setting.Sampling)))}",
    };

    /// <summary>The setting in a few words, as the options of the command line say it.</summary>
    public static string Name(SamplingOptions? sampling) => sampling is null ? "no sampling" : FormattableString.Invariant(
        $"{sampling.Steps} {(sampling.Steps == 1 ? "step" : "steps")}, guidance {sampling.Guidance}, {sampling.Decode.ToString()!.ToLowerInvariant()}")
        + (sampling.Draws > 1 ? $", {sampling.Draws} draws" : "") + (sampling.ToOne != ToOneKind.Multinomial ? "" : $", {ChoiceWords.Of(sampling)}")
        + (sampling.GuidanceSchedule == GuidanceSchedule.Constant ? "" : $", guidance {sampling.GuidanceSchedule.ToString().ToLowerInvariant()}")
        + (sampling.Control ? ", control" : "");
}
