using Tweedie.Images;

namespace Tweedie.Cli.Output;

/// <summary>Shows how far features are computed.</summary>
/// <param name="line">The live line.</param>
internal sealed class FeatureLine(LiveLine line) : IProgress<FeatureProgress>
{
    /// <inheritdoc/>
    public void Report(FeatureProgress value) => line.Write(Of(value));

    /// <summary>The progress in a line.</summary>
    public static string Of(FeatureProgress value)
    {
        var left = value.Done == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(value.Seconds * (value.Images - value.Done) / value.Done);
        return FormattableString.Invariant($"features of {value.Done:N0} of {value.Images:N0} images, {value.Encoded:N0} encoded  {value.Done / Math.Max(value.Seconds, 1e-9):F0} images/s  ")
            + $"{Screen.Duration(left)} left";
    }
}
