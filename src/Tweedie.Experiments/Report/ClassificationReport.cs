using Tweedie.Evaluation;
using Tweedie.Experiments.Plots;
using Tweedie.Storage;

namespace Tweedie.Experiments.Report;

/// <summary>
/// Where a classifier is right and wrong, as files of a folder: for a setting NAME, <c>NAME-classes</c> and <c>NAME-confusion</c> as CSV and as pictures,
/// and <c>NAME-reliability</c> as a picture.
/// </summary>
public static class ClassificationReport
{
    private const int MostClasses = 40;

    /// <summary>Writes the files of one setting.</summary>
    /// <param name="folder">The folder; created if absent.</param>
    /// <param name="name">The name of the setting, which the files' names begin with.</param>
    /// <param name="predictions">The predictions.</param>
    /// <param name="classNames">The classes' names.</param>
    /// <param name="temperature">The setting's temperature; null where the model is not calibrated for it.</param>
    /// <exception cref="TweedieException">A file cannot be written.</exception>
    public static void Write(string folder, string name, PredictedLabels predictions, IReadOnlyList<string> classNames, double? temperature)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(classNames);
        Folder.Create(folder);
        var confusion = new Confusion(predictions, classNames);
        AtomicFile.WriteText(Path.Combine(folder, $"{name}-classes.csv"), confusion.ClassesCsv());
        AtomicFile.WriteText(Path.Combine(folder, $"{name}-confusion.csv"), confusion.Csv());
        using (var bars = confusion.DrawClasses())
            bars.Save(folder, $"{name}-classes");
        using (var map = confusion.DrawMap())
            map.Save(folder, $"{name}-confusion");
        using var chart = ReliabilityChart.Create([
            ("uncalibrated", predictions.Reliability()),
            .. temperature is { } scale ? new[] { (FormattableString.Invariant($"calibrated, temperature {scale:F2}"), predictions.Reliability(scale)) } : []], fewest: 1);
        chart.Save(folder, $"{name}-reliability");
    }

    /// <summary>How often each class is taken for each.</summary>
    private sealed class Confusion
    {
        private readonly IReadOnlyList<string> _names;
        private readonly int[,] _counts;
        private readonly int[] _images;

        public Confusion(PredictedLabels predictions, IReadOnlyList<string> names)
        {
            (_names, _counts, _images) = (names, new int[names.Count, names.Count], new int[names.Count]);
            foreach (var (label, predicted) in predictions.Labels.Zip(predictions.Predictions))
            {
                _counts[label, predicted]++;
                _images[label]++;
            }
        }

        public string ClassesCsv() => "class,images,right,accuracy,most frequent mistake,times\n" + string.Concat(Enumerable.Range(0, _names.Count).Select(label =>
        {
            var mistake = Enumerable.Range(0, _names.Count).Where(other => other != label).MaxBy(other => _counts[label, other]);
            var times = _counts[label, mistake];
            return FormattableString.Invariant($"{Quoted(_names[label])},{_images[label]},{_counts[label, label]},{(_images[label] == 0 ? "" : $"{Share(label):F4}")},")
                + FormattableString.Invariant($"{(times == 0 ? "" : Quoted(_names[mistake]))},{times}\n");
        }));

        public string Csv() => $"label \\ predicted,{string.Join(',', _names.Select(Quoted))}\n" + string.Concat(Enumerable.Range(0, _names.Count).Select(label =>
            $"{Quoted(_names[label])},{string.Join(',', Enumerable.Range(0, _names.Count).Select(predicted => _counts[label, predicted]))}\n"));

        public BarChart DrawClasses()
        {
            var shown = Hardest();
            return new BarChart("accuracy (%)" + Part(shown), [.. shown.Select(label =>
                (_names[label], 100 * Share(label), FormattableString.Invariant($"{100 * Share(label):F0} % of {_images[label]}")))]);
        }

        public HeatMap DrawMap()
        {
            var shown = Hardest().Order().ToList();
            return new HeatMap("predicted; bright: a large share of the row's images" + Part(shown), [.. shown.Select(label => _names[label])], [.. shown.Select(label => _names[label])],
                [.. shown.Select(predicted => (IReadOnlyList<double>)[.. shown.Select(label => (double)_counts[label, predicted] / _images[label])])],
                [.. shown.Select(_ => -1)], vertical: "label", upright: true);
        }

        // The classes that have images, those with the lowest accuracy first.
        private List<int> Hardest() => [.. Enumerable.Range(0, _names.Count).Where(label => _images[label] > 0).OrderBy(Share).Take(MostClasses)];

        private static string Part(List<int> shown) => shown.Count < MostClasses ? "" : $"; the {MostClasses} classes with the lowest accuracy";

        private double Share(int label) => (double)_counts[label, label] / _images[label];

        private static string Quoted(string name) => name.AsSpan().IndexOfAny(",\"\n") < 0 ? name : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
