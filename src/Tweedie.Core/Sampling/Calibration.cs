using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>
/// The temperatures that make a classifier's probabilities honest, one per sampling setting, fitted on held-out images. A temperature changes the probability
/// that is reported at the end. It changes no choice and no step of a trajectory. A model folder keeps this record as <c>calibration.json</c>.
/// </summary>
public sealed record Calibration
{
    /// <summary>The SHA-256 of the weights file that the temperatures belong to, in hexadecimal.</summary>
    [Required]
    public string Weights { get; init; } = "";

    /// <summary>The settings.</summary>
    public IReadOnlyList<Setting> Settings { get; init; } = [];

    /// <summary>The temperature of a setting.</summary>
    public sealed record Setting
    {
        /// <summary>How the model was sampled, with seed 0: the seed is no part of a setting. Null for a linear head.</summary>
        public SamplingOptions? Sampling { get; init; }

        /// <summary>The data that the temperature was fitted on.</summary>
        public string Data { get; init; } = "";

        /// <summary>The number of images that it was fitted on.</summary>
        [Range(1, int.MaxValue)]
        public int Images { get; init; } = 1;

        /// <summary>T; above 1 where the model was too sure.</summary>
        [Range(Metrics.TemperatureScaling.Lowest, Metrics.TemperatureScaling.Highest)]
        public double Temperature { get; init; } = 1;

        /// <summary>The expected calibration error on the held-out images before, 0 to 1.</summary>
        [Range(0.0, 1.0)]
        public double ErrorBefore { get; init; }

        /// <summary>The expected calibration error after, on the same images, 0 to 1.</summary>
        [Range(0.0, 1.0)]
        public double ErrorAfter { get; init; }
    }

    /// <summary>The entry of a setting; null where it has none, so that its probabilities are uncalibrated.</summary>
    /// <param name="sampling">How the model is sampled, complete; null for a linear head. The seed does not count.</param>
    public Setting? Find(SamplingOptions? sampling) => Settings.FirstOrDefault(setting => Key(setting.Sampling) == Key(sampling));

    private static SamplingOptions? Key(SamplingOptions? sampling) => sampling?.Over(new SamplingOptions()) is { } complete ? complete with { Seed = 0 } : null;

    /// <summary>These settings, and those of an earlier calibration of the same weights that these do not replace.</summary>
    public Calibration Over(Calibration? earlier) =>
        this with { Settings = [.. Settings, .. (earlier?.Settings ?? []).Where(setting => Find(setting.Sampling) is null)] };
}
