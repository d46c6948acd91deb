using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Tweedie.Configuration;
using Tweedie.Sampling;
using Tweedie.Storage;

namespace Tweedie.Models;

/// <summary>
/// What a model folder says about its model, for people and for programs: the file <c>README.md</c>. Its front matter, YAML between two lines of dashes, is this
/// record, and the page below it says the same in words. Nothing that loads a model reads it.
/// </summary>
public sealed record ModelCard
{
    /// <summary>The file's name.</summary>
    public const string FileName = "README.md";

    private const string Line = "---\n";
    private const string FirstKey = "tweedie:";

    /// <summary>The version of the library that wrote the card.</summary>
    public string Tweedie { get; init; } = typeof(ModelCard).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The model's kind, such as <see cref="ModelFolder.Classifier"/>.</summary>
    [Required]
    public string Kind { get; init; } = "";

    /// <summary>What it is, in a few words, such as "tdd classifier".</summary>
    public string Description { get; init; } = "";

    /// <summary>The SHA-256 of the weights that the card is about, in hexadecimal.</summary>
    public string Weights { get; init; } = "";

    /// <summary>The number of parameters of each part.</summary>
    public IReadOnlyDictionary<string, long> Parameters { get; init; } = new Dictionary<string, long>();

    /// <summary>Where the weights come from, if they were not trained from the beginning: the file or the encoder that they were taken from.</summary>
    public string? Origin { get; init; }

    /// <summary>The data; null where they are not known.</summary>
    public TrainingData? Data { get; init; }

    /// <summary>How it was trained; null where that is not known.</summary>
    public TrainingRecord? Training { get; init; }

    /// <summary>The settings of the training that are not the defaults, by their keys. Paths of the machine are left out.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The metric by which this model was chosen among those of the training's evaluations; null where none was.</summary>
    public string? ChosenBy { get; init; }

    /// <summary>The numbers of the evaluation of these weights, by the names of <see cref="Metrics.MetricInfo"/>; null where one is not finite.</summary>
    public IReadOnlyDictionary<string, double?> Scores { get; init; } = new Dictionary<string, double?>();

    /// <summary>The temperatures of the probabilities, which <c>calibration.json</c> holds with their complete settings.</summary>
    public IReadOnlyList<Temperature> Calibration { get; init; } = [];

    /// <summary>How a model was trained.</summary>
    public sealed record TrainingRecord
    {
        /// <summary>The task's name.</summary>
        public string Task { get; init; } = "";

        /// <summary>The seed.</summary>
        public long Seed { get; init; }

        /// <summary>Steps that led to these weights.</summary>
        public long Steps { get; init; }

        /// <summary>Items per step.</summary>
        public int BatchSize { get; init; }

        /// <summary>Steps of an epoch.</summary>
        public int StepsPerEpoch { get; init; }

        /// <summary>Time of these steps without the evaluations, in seconds.</summary>
        public double Seconds { get; init; }

        /// <summary>The processes that trained together.</summary>
        public int Processes { get; init; } = 1;

        /// <summary>Where it was trained, such as <c>cpu</c>.</summary>
        public string Device { get; init; } = "";

        /// <summary>The day when these weights were written, in UTC, such as 2026-05-01.</summary>
        public string Date { get; init; } = "";
    }

    /// <summary>The temperature of a sampling setting.</summary>
    public sealed record Temperature
    {
        /// <summary>The setting in words.</summary>
        public string Setting { get; init; } = "";

        /// <summary>T; above 1 where the model was too sure.</summary>
        public double Value { get; init; } = 1;

        /// <summary>The expected calibration error before, 0 to 1.</summary>
        public double ErrorBefore { get; init; }

        /// <summary>The expected calibration error after, on the same images, 0 to 1.</summary>
        public double ErrorAfter { get; init; }

        /// <summary>The data that it was fitted on.</summary>
        public string Data { get; init; } = "";

        /// <summary>The number of images that it was fitted on.</summary>
        public int Images { get; init; }

        internal static Temperature Of(Calibration.Setting setting) => new()
        {
            Setting = Words(setting.Sampling),
            Value = setting.Temperature,
            ErrorBefore = setting.ErrorBefore,
            ErrorAfter = setting.ErrorAfter,
            Data = setting.Data,
            Images = setting.Images,
        };

        private static string Words(SamplingOptions? sampling) => sampling is null ? "one pass" : string.Create(CultureInfo.InvariantCulture,
            $"{sampling.Steps} {(sampling.Steps == 1 ? "step" : "steps")}, {sampling.Decode}{(sampling.Guidance is null or 1 ? "" : $", guidance {sampling.Guidance}")}{(sampling.Draws > 1 ? $", {sampling.Draws} draws" : "")}{(sampling.Control ? ", control" : "")}")
            .ToLowerInvariant();
    }

    /// <summary>Reads the card of a model. A <c>README.md</c> that somebody else has written is none.</summary>
    /// <param name="folder">The folder of a model or a training, or a checkpoint, which has none.</param>
    /// <returns>The card; null where there is none.</returns>
    /// <exception cref="TweedieException">The front matter is damaged, or the folder is a training without a model.</exception>
    public static ModelCard? Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var path = PathIn(folder);
        return File.Exists(path) ? Parse(TextFile.Read(path), path) : null;
    }

    /// <summary>Reads the text of a card.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">Its file, for messages.</param>
    /// <returns>The card; null where the text is none.</returns>
    /// <exception cref="TweedieException">The front matter is damaged.</exception>
    public static ModelCard? Parse(string text, string source)
    {
        ArgumentNullException.ThrowIfNull(text);
        text = text.ReplaceLineEndings("\n");
        if (!text.StartsWith(Line + FirstKey, StringComparison.Ordinal))
            return null;
        var end = text.IndexOf("\n" + Line, Line.Length, StringComparison.Ordinal);
        if (end < 0)
            throw new TweedieException($"{source}: its front matter has no end, a line of three dashes; write the card anew with a training, or delete it.", FaultKind.Model);
        return Fault.Of(FaultKind.Model, () => ConfigDocument.Parse(text[..(end + 1)], source).Bind<ModelCard>());
    }

    /// <summary>Writes the card into a model folder.</summary>
    /// <exception cref="TweedieException">The file cannot be written.</exception>
    public void Write(string folder) => AtomicFile.WriteText(PathIn(folder), ToMarkdown());

    /// <summary>The text of the card: the front matter and the page.</summary>
    /// <param name="use">How the model is used, Markdown; null says how a folder of its kind is.</param>
    public string ToMarkdown(string? use = null) => Line + ConfigWriter.ToYaml(this) + Line + "\n" + ModelCardPage.Of(this, use);

    /// <summary>Writes the calibration of a folder into its card. A card that is not as this version writes it, such as one that somebody has changed, is left as it is.</summary>
    /// <returns>Whether the card, if there is one, has the calibration.</returns>
    internal static bool Update(string folder, Calibration calibration)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
            return true;
        var text = TextFile.Read(path);
        if (Untouched(text, path) is not { } card)
            return false;
        (card with { Calibration = [.. calibration.Settings.Select(Temperature.Of)] }).Write(folder);
        return true;
    }

    private static ModelCard? Untouched(string text, string path)
    {
        try
        {
            return Parse(text, path) is { } card && card.ToMarkdown() == text ? card : null;
        }
        catch (TweedieException) // somebody has changed the front matter
        {
            return null;
        }
    }

    private static string PathIn(string folder) => Path.Combine(ModelFolder.Find(folder), FileName);
}
