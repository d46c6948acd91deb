using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;

namespace Tweedie.Evaluation;

/// <summary>Fits the temperatures of a classifier.</summary>
public static class Calibrator
{
    /// <summary>
    /// Fits a temperature for every combination of the settings, and for the model's default sampling. Use images on which the model was not trained, and on
    /// which no score will be reported.
    /// </summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="source">Labelled images whose labels have the model's numbers.</param>
    /// <param name="settings">The settings; their decodings count too.</param>
    /// <param name="maxBadShare">The share of the images that may be unreadable and are left out; 0 makes the first one an error.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>The calibration; <see cref="ImageClassifier.Calibrate"/> stores it.</returns>
    /// <exception cref="TweedieException">A setting is out of range, an image cannot be read, or there is no image.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Calibration Fit(
        ImageClassifier classifier, IImageSource source, EvaluationSettings settings, double maxBadShare = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(settings);
        CheckNotEmpty(source); // the stream would not say what the images are for
        return Fit(classifier, source, EncodedImages.Stream(classifier.Model, source, settings.BatchSize, maxBadShare, cancellation), settings, cancellation);
    }

    /// <summary>The same with images that are encoded already.</summary>
    /// <param name="classifier">The classifier.</param>
    /// <param name="source">Labelled images whose labels have the model's numbers.</param>
    /// <param name="encoded">The source's images, encoded by the classifier's model; those of a stream are read once.</param>
    /// <param name="settings">The settings; their decodings count too.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <exception cref="TweedieException">A setting is out of range, an image cannot be read, or there is no image.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static Calibration Fit(
        ImageClassifier classifier, IImageSource source, IEnumerable<EncodedImages> encoded, EvaluationSettings settings, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(classifier);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(encoded);
        ArgumentNullException.ThrowIfNull(settings);
        CheckNotEmpty(source);
        using var images = EncodedImages.Join(encoded);
        var fitted = new List<Calibration.Setting>();
        foreach (var grid in new[] { settings, Default(settings) })
            foreach (var row in Evaluator.Evaluate(classifier.Model, [images], grid, [() => new PredictedLabels(source)], cancellation))
                if (!fitted.Exists(setting => setting.Sampling == Key(row)))
                    fitted.Add(Fit(row, source.Name, images.Count));
        return new Calibration { Settings = fitted };
    }

    private static void CheckNotEmpty(IImageSource source)
    {
        if (source.Count == 0)
            throw new TweedieException($"{source.Name}: has no image to calibrate on.");
    }

    private static EvaluationSettings Default(EvaluationSettings settings) => new()
    {
        Decode = [ImageClassifier.DefaultSampling.Decode!.Value],
        Seed = settings.Seed,
        BatchSize = settings.BatchSize,
    };

    private static SamplingOptions? Key(EvaluationRow row) => row.Setting is { } setting ? setting with { Seed = 0 } : null;

    private static Calibration.Setting Fit(EvaluationRow row, string data, int images)
    {
        var predictions = row.Metric<PredictedLabels>();
        var temperature = predictions.FitTemperature();
        return new()
        {
            Sampling = Key(row),
            Data = data,
            Images = images,
            Temperature = temperature,
            ErrorBefore = predictions.Reliability().CalibrationError,
            ErrorAfter = predictions.Reliability(temperature).CalibrationError,
        };
    }
}
