using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>Collects the reports of a training. It may act on each report, in the training's thread and between two steps.</summary>
internal sealed class Reports(Action<TrainingProgress>? act = null, bool keep = true) : IProgress<TrainingProgress>
{
    private readonly List<TrainingProgress> _all = [];

    public IEnumerable<TrainingProgress> Steps => _all.Where(IsStep);

    public IEnumerable<string> Warnings => _all.Select(report => report.Warning).OfType<string>();

    public IEnumerable<TrainingProgress> Evaluations => _all.Where(report => report.Metrics is not null);

    /// <summary>Makes it act once, after the given step.</summary>
    public static Reports After(long step, Action act) => new(report =>
    {
        if (report.Step == step && IsStep(report))
            act();
    });

    private static bool IsStep(TrainingProgress report) => report.Metrics is null && report.Warning is null && !report.IsStart;

    public void Report(TrainingProgress value)
    {
        if (keep)
            _all.Add(value);
        act?.Invoke(value);
    }
}
