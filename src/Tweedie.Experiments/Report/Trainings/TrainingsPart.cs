using System.Text;
using Tweedie.Metrics;

namespace Tweedie.Experiments.Report;

/// <summary>Trainings side by side as a part of the page: how far they are, their scores, their curves and the settings in which they differ.</summary>
/// <param name="trainings">The trainings.</param>
/// <param name="id">What the names of its sections begin with.</param>
internal sealed class TrainingsPart(IReadOnlyList<TrainingRecord> trainings, string id) : IReportPart
{
    private static readonly string[] NotScores = ["epoch", "learningRate", "gradientNorm", "badImages", "communicationShare"]; // they say nothing about how good a training is

    private IReadOnlyList<string> Titles => ["", .. trainings.Select(training => training.Name)];

    /// <inheritdoc/>
    public string Contents() =>
        $"<li><a href=\"#{id}\">Trainings</a><ul><li><a href=\"#{id}-scores\">Scores</a></li><li><a href=\"#{id}-curves\">Curves</a></li><li><a href=\"#{id}-settings\">Settings</a></li></ul></li>";

    /// <inheritdoc/>
    public string Body()
    {
        var html = new StringBuilder($"<h2 id=\"{id}\">Trainings</h2>\n").Append(Progress());
        html.Append($"<section id=\"{id}-scores\"><h3>Scores</h3>\n").Append(Scores()).Append("</section>\n");
        html.Append($"<section id=\"{id}-curves\"><h3>Curves</h3>\n<div class=\"figures\">\n");
        foreach (var (number, (title, svg)) in TrainingCharts.Draw(trainings).Index())
            html.Append($"<figure>{Html.InlineSvg(svg, $"{id}-{number}", title)}<figcaption>{Html.Text(title)}</figcaption></figure>\n");
        return html.Append("</div></section>\n").Append(Settings()).ToString();
    }

    private string Progress() => Html.Table("How far they are",
        ["training", "task", "epochs", "steps", "training time", "images per second"],
        trainings.Select(training => (IReadOnlyList<string>)
        [
            training.Name, training.Config.Task, $"{training.Last("epoch"):N0} of {training.Config.Training.Epochs:N0}", $"{training.Steps:N0}",
            training.Time is { } time ? FormattableString.Invariant($"{time.TotalSeconds:N0} s") : "",
            training.Last("imagesPerSecond") is { } rate ? MetricInfo.Show("imagesPerSecond", rate) : "",
        ])) + string.Concat(trainings.Where(training => training.BadLines > 0).Select(training =>
            Html.Paragraph($"{training.Name}: {training.BadLines} of the log's lines cannot be read and are left out; a process that is killed may leave one.")));

    private string Scores() => Html.Table("The newest value, and the best one where the metric has a better side", Titles,
        trainings.SelectMany(training => training.Names).Distinct().Except(NotScores)
            .Select(name => (IReadOnlyList<string>)[name, .. trainings.Select(training => Score(training, name))]));

    private static string Score(TrainingRecord training, string name)
    {
        if (training.Last(name) is not { } last)
            return "–";
        var text = MetricInfo.Show(name, last);
        if (MetricInfo.Find(name)?.IsHigherBetter is not { } higher)
            return text;
        var finite = training.Curve(name).Where(point => double.IsFinite(point.Value)).ToList();
        if (finite.Count == 0)
            return text;
        var best = higher ? finite.MaxBy(point => point.Value) : finite.MinBy(point => point.Value);
        return $"{text} (best {MetricInfo.Show(name, best.Value)} at step {best.Key:N0})";
    }

    private string Settings()
    {
        var html = new StringBuilder($"<section id=\"{id}-settings\"><h3>Settings</h3>\n");
        var differences = SettingTable.Differences(trainings);
        if (trainings.Count > 1)
            html.Append(differences.Count > 0 ? Html.Table("The settings that differ", Titles, differences) : Html.Paragraph("All settings are the same."));
        html.AppendJoin("", trainings.Select(training =>
            Html.Folded($"All settings of {training.Name}", $"<pre>{Html.Text(Configuration.ConfigWriter.ToYaml(training.Config))}</pre>\n")));
        return html.Append("</section>\n").ToString();
    }
}
