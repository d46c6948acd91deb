using System.Collections.Concurrent;

namespace Tweedie.Metrics;

/// <summary>
/// A number that a training or an evaluation writes: its name, which is the same in <c>metrics.jsonl</c>, in TensorBoard and in the JSON of commands, and its
/// unit. A name may be followed by a point and the setting that it was measured with, as in <c>top1.20steps.consensus</c>. Thread-safe.
/// </summary>
/// <param name="Name">The name in files.</param>
/// <param name="Title">The name for people.</param>
/// <param name="Unit">The unit in files.</param>
/// <param name="IsHigherBetter">Whether a model with a higher value is better; null where the number says nothing about how good a model is.</param>
/// <param name="Meaning">What it measures, in a sentence.</param>
public sealed record MetricInfo(string Name, string Title, MetricUnit Unit, bool? IsHigherBetter, string Meaning)
{
    private static readonly ConcurrentDictionary<string, MetricInfo> Added = new(StringComparer.Ordinal);

    private static readonly MetricInfo[] Own =
    [
        new("top1", "top-1", MetricUnit.Share, true, "Images whose label is the prediction."),
        new("top5", "top-5", MetricUnit.Share, true, "Images whose label is among the five most probable classes."),
        new("ece", "ECE", MetricUnit.Share, false, "Expected calibration error of the model's own probabilities."),
        new("eceCalibrated", "ECE calibrated", MetricUnit.Share, false, "Expected calibration error of the calibrated probabilities, where the setting is calibrated."),
        new("rightMeaning", "right meaning", MetricUnit.Share, true, "Captions of generated scenes that say exactly what the image shows."),
        new("bleu1", "BLEU-1", MetricUnit.Score, true, "BLEU of words, 0 to 1."),
        new("bleu2", "BLEU-2", MetricUnit.Score, true, "BLEU up to two words, 0 to 1."),
        new("bleu3", "BLEU-3", MetricUnit.Score, true, "BLEU up to three words, 0 to 1."),
        new("bleu4", "BLEU-4", MetricUnit.Score, true, "BLEU up to four words, 0 to 1."),
        new("rougeL", "ROUGE-L", MetricUnit.Score, true, "ROUGE-L, 0 to 1."),
        new("ciderD", "CIDEr-D", MetricUnit.Score, true, "CIDEr-D, 0 to 10."),
        new("exactRows", "rows solved", MetricUnit.Share, true, "Rows without any wrong token."),
        new("exactTokens", "open tokens right", MetricUnit.Share, true, "Right tokens among those that were not known."),
        new("bitsPerCharacter", "bits/character", MetricUnit.Bits, false, "−log2 p of a held-out text per character, or an upper bound of it."),
        new("natsPerToken", "nats/token", MetricUnit.Nats, false, "−log p of held-out rows per token, or an upper bound of it."),
        new("legal", "legal", MetricUnit.Share, true, "Generated rows that the law of the data can produce."),
        new("overlap1", "1-grams real", MetricUnit.Share, null, "Words of generated texts, or cells of rows, that real ones have too."),
        new("overlap2", "2-grams real", MetricUnit.Share, null, "Pairs of neighbouring words or cells that real texts or rows have too."),
        new("overlap3", "3-grams real", MetricUnit.Share, null, "Triples of neighbouring words or cells that real texts or rows have too."),
        new("distinct2", "distinct-2", MetricUnit.Share, null, "Different pairs of neighbouring words or cells over all pairs; it falls as more are generated."),
        new("different", "different", MetricUnit.Share, null, "Different texts or rows over all of them."),
        new("entropy", "entropy", MetricUnit.Nats, null, "Entropy of the words or cells of all texts or rows together, each."),
        new("repeats", "repeats", MetricUnit.Share, null, "Words of captions that are the same as the word before them."),
        new("imageToText.top1", "image to text, top-1", MetricUnit.Share, true, "Images whose own caption is the nearest of all captions."),
        new("imageToText.top5", "image to text, top-5", MetricUnit.Share, true, "Images whose own caption is among the five nearest."),
        new("textToImage.top1", "text to image, top-1", MetricUnit.Share, true, "Captions whose own image is the nearest of all images."),
        new("textToImage.top5", "text to image, top-5", MetricUnit.Share, true, "Captions whose own image is among the five nearest."),
        new("validationLoss", "validation loss", MetricUnit.Nats, false, "Mean loss of the averaged weights on the held-out items, with the same noise at every evaluation."),
        new("loss", "loss", MetricUnit.Nats, null, "Mean training loss since the line before."),
        new("unreadable", "unreadable", MetricUnit.Share, null, "Held-out images that cannot be read and are left out."),
        new("badImages", "bad images", MetricUnit.Count, null, "Training images of an epoch that cannot be read; others took their place."),
        new("learningRate", "learning rate", MetricUnit.None, null, "Learning rate of the last step."),
        new("gradientNorm", "gradient norm", MetricUnit.None, null, "Norm of the last step's gradients, before it is clipped."),
        new("imagesPerSecond", "images/s", MetricUnit.PerSecond, null, "Training images per second since the line before."),
        new("communicationShare", "communication", MetricUnit.Share, null, "Time of the steps since the line before that went into communication with other processes."),
        new("epoch", "epoch", MetricUnit.Count, null, "Epoch, from 1 on."),
    ];

    /// <summary>The name of the mean loss on held-out items.</summary>
    public const string ValidationLoss = "validationLoss";

    /// <summary>All metrics, those that a program has added last.</summary>
    public static IReadOnlyList<MetricInfo> All => [.. Own, .. Added.Values.OrderBy(metric => metric.Name, StringComparer.Ordinal)];

    /// <summary>The names of the metrics by which models can be compared.</summary>
    public static IReadOnlyList<string> Choosing => [.. All.Where(metric => metric.IsHigherBetter is not null).Select(metric => metric.Name)];

    /// <summary>Adds a metric of a program's own task, so that a config can name it.</summary>
    /// <exception cref="ArgumentException">There is a metric of that name.</exception>
    public static void Register(MetricInfo metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        if (Own.Any(own => own.Name == metric.Name) || !Added.TryAdd(metric.Name, metric))
            throw new ArgumentException($"There is a metric '{metric.Name}' already.", nameof(metric));
    }

    /// <summary>The metric of a name, with or without a setting behind it; null where it is unknown.</summary>
    public static MetricInfo? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return All.Where(metric => metric.Names(name)).MaxBy(metric => metric.Name.Length);
    }

    /// <summary>A value as people read it: a share in percent, other numbers with four digits.</summary>
    /// <param name="name">The metric's name; numbers of unknown metrics have four digits.</param>
    /// <param name="value">The value, in the unit of files.</param>
    public static string Show(string name, double value) => Find(name)?.Unit switch
    {
        MetricUnit.Share => FormattableString.Invariant($"{100 * value:F2} %"),
        MetricUnit.Count => FormattableString.Invariant($"{value:N0}"),
        MetricUnit.PerSecond => FormattableString.Invariant($"{value:F0}"),
        MetricUnit.None => FormattableString.Invariant($"{value:G4}"),
        _ => FormattableString.Invariant($"{value:F4}"),
    };

    private bool Names(string name) => name == Name || name.StartsWith($"{Name}.", StringComparison.Ordinal);
}

/// <summary>The unit of a metric in files.</summary>
public enum MetricUnit
{
    /// <summary>A share of items, 0 to 1; people see it in percent.</summary>
    Share,
    /// <summary>A score with a scale of its own.</summary>
    Score,
    /// <summary>Natural units of information.</summary>
    Nats,
    /// <summary>Binary units of information.</summary>
    Bits,
    /// <summary>A whole number.</summary>
    Count,
    /// <summary>Items per second.</summary>
    PerSecond,
    /// <summary>A number without a unit.</summary>
    None,
}
