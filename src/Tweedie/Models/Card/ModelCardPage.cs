using System.Globalization;
using System.Text;
using Tweedie.Metrics;

namespace Tweedie.Models;

/// <summary>A model card in words.</summary>
internal static class ModelCardPage
{
    /// <summary>The page, Markdown.</summary>
    /// <param name="card">The card.</param>
    /// <param name="use">How the model is used; null says how a folder of its kind is.</param>
    public static string Of(ModelCard card, string? use)
    {
        var page = new StringBuilder();
        page.Append(Invariant($"# {Name(card.Description)}\n\n{What(card)}\n"));
        Section("Use", use ?? Use(card.Kind));
        Section("Scores", Scores(card));
        Section("Calibration", Calibration(card.Calibration));
        Section("Data", card.Data is { } data ? Data(data) : "");
        Section("Training", card.Training is { } training ? Training(card, training) : "");
        return page.ToString();

        void Section(string title, string text)
        {
            if (text != "")
                page.Append(Invariant($"\n## {title}\n\n{text.TrimEnd('\n')}\n"));
        }
    }

    private static string What(ModelCard card)
    {
        var parts = card.Parameters.Count > 1 ? $": {string.Join(", ", card.Parameters.Select(part => Invariant($"{part.Key} {part.Value:N0}")))}" : "";
        var origin = card.Origin is { } from ? $" Its weights begin with those of {Name(from)}." : "";
        var size = card.Parameters.Count == 0 ? "" : Invariant($" with {card.Parameters.Values.Sum():N0} parameters{parts}");
        return Invariant($"A model of kind `{card.Kind}`{size}.{origin} Written by Tweedie {card.Tweedie}.");
    }

    private static string Use(string kind) => ModelUsage.Of(kind) is { } usage
        ? $"`{ModelUsage.Folder}` stands for this folder.\n\n```sh\n{usage.Command}\n```\n" + (usage.Code == "" ? "" : $"\n```csharp\n{usage.Code}\n```\n")
        : "";

    private static string Scores(ModelCard card)
    {
        if (card.Scores.Count == 0)
            return card.Training is null ? "" : "Not measured: the training held nothing out.";
        var on = card.Data is { Held: not null } data ? $"on {Held(data)}" : "on the held-out data of the training";
        var chosen = card.ChosenBy is { } metric
            ? $" `{Name(metric)}` decided which model is the best of its training, so its value is a little too good: measure on other data (`tweedie eval`) before you report it." : "";
        return $"Measured {on}.{chosen}\n\n" + Table(["metric", "value", "better", "meaning"], card.Scores.Select(score => (string[])
        [
            $"`{score.Key}`",
            score.Value is { } value ? MetricInfo.Show(score.Key, value) : "not a number",
            MetricInfo.Find(score.Key)?.IsHigherBetter switch { true => "higher", false => "lower", null => "" },
            MetricInfo.Find(score.Key)?.Meaning ?? "",
        ]));
    }

    private static string Calibration(IReadOnlyList<ModelCard.Temperature> settings) => settings.Count == 0 ? ""
        : "Temperatures that make the probabilities honest. The expected calibration error (ECE) is measured on the images that they were fitted on.\n\n"
            + Table(["setting", "temperature", "ECE before", "ECE after", "fitted on"], settings.Select(setting => (string[])
            [
                setting.Setting,
                Invariant($"{setting.Value:F3}"),
                MetricInfo.Show("ece", setting.ErrorBefore),
                MetricInfo.Show("ece", setting.ErrorAfter),
                Invariant($"{setting.Images:N0} images of {Name(setting.Data)}"),
            ]));

    private static string Data(TrainingData data) =>
        Invariant($"Trained on {data.Items:N0} {data.Unit} of {Name(data.Train)}. ")
        + (data.Held is null ? "Nothing was held out. " : $"Measured on {Held(data)}. ")
        + (data.License is { } license ? $"Licence of the training data: {Name(license)}." : "The licence of the training data was not given.");

    private static string Held(TrainingData data) => Invariant($"{data.HeldItems:N0} {data.Unit} of {Name(data.Held!)}, ")
        + (data.HeldFrom == DataSplit.Train ? "which were set aside from the training data" : $"the {data.HeldFrom.ToString().ToLowerInvariant()} part");

    private static string Training(ModelCard card, ModelCard.TrainingRecord training)
    {
        var epochs = training.StepsPerEpoch > 0 ? Invariant($" ({(double)training.Steps / training.StepsPerEpoch:0.##} epochs)") : "";
        var together = training.Processes > 1 ? Invariant($" in {training.Processes} processes") : "";
        var text = Invariant($"Task `{training.Task}`, seed {training.Seed}: {training.Steps:N0} steps{epochs} with {training.BatchSize:N0} {card.Data?.Unit ?? "items"} each, ")
            + Invariant($"{Time(training.Seconds)} on {training.Device}{together}, without the evaluations; {training.Date}.\n");
        return card.Settings.Count == 0 ? text
            : text + "\nSettings that are not the defaults, without paths:\n\n" + Table(["setting", "value"], card.Settings.Select(pair => (string[])[$"`{pair.Key}`", $"`{pair.Value}`"]));
    }

    private static string Time(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalHours: >= 1 } time => Invariant($"{time.TotalHours:F1} h"),
        { TotalMinutes: >= 1 } time => Invariant($"{time.TotalMinutes:F1} min"),
        var time => Invariant($"{time.TotalSeconds:F1} s"),
    };

    private static string Table(string[] header, IEnumerable<string[]> rows) =>
        string.Concat(rows.Prepend([.. header.Select(_ => "---")]).Prepend(header).Select(row => $"| {string.Join(" | ", row.Select(Cell))} |\n"));

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // Names of data are foreign text.
    private static string Name(string text) => OneLine.Of(text).Replace("<", "&lt;", StringComparison.Ordinal);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
