using System.Globalization;
using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;

namespace Tweedie.Training;

/// <summary>
/// The run's log: <c>metrics.jsonl</c> and TensorBoard's <c>events.*</c>, with the same names (<see cref="Metrics.MetricInfo"/>). A resume appends to <c>metrics.jsonl</c> and begins a new <c>events.*</c>. After a
/// crash, both have the steps since the last checkpoint twice.
/// </summary>
internal sealed class MetricsLog
{
    private readonly RunFolder _run;
    private readonly SummaryWriter _board;

    /// <summary>Opens the log of a run, whose folder exists.</summary>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public MetricsLog(RunFolder run)
    {
        _run = run;
        try
        {
            _board = torch.utils.tensorboard.SummaryWriter(run.Path);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(run.Path, error);
        }
    }

    /// <summary>Writes one line: the step, the time in UTC, the training's seconds and named values.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="trained">Time of the training without its evaluations, that before a resume included.</param>
    /// <param name="values">Values by name.</param>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public void Write(long step, TimeSpan trained, IReadOnlyDictionary<string, double> values)
    {
        var now = DateTimeOffset.UtcNow;
        var line = new Dictionary<string, object>
        {
            ["step"] = step,
            ["time"] = now.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            ["seconds"] = Math.Round(trained.TotalSeconds, 3),
        };
        foreach (var (name, value) in values)
            line[name] = double.IsFinite(value) ? value : value.ToString();
        try
        {
            File.AppendAllText(_run.Metrics, JsonSerializer.Serialize(line) + "\n");
            foreach (var (name, value) in values)
                _board.add_scalar(name, (float)value, (int)step, walltime: now.ToUnixTimeSeconds());
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(_run.Metrics, error);
        }
    }
}
