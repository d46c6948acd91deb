using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;

namespace Tweedie.Training;

/// <summary>
/// The run's log: <c>metrics.jsonl</c> and TensorBoard's <c>events.*</c>. A resume appends to <c>metrics.jsonl</c> and begins a new <c>events.*</c>. After a
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

    /// <summary>Writes one line: the step and named values.</summary>
    /// <exception cref="TweedieException">It cannot be written.</exception>
    public void Write(long step, IReadOnlyDictionary<string, double> values)
    {
        var line = new Dictionary<string, object> { ["step"] = step };
        foreach (var (name, value) in values)
            line[name] = double.IsFinite(value) ? value : value.ToString();
        try
        {
            File.AppendAllText(_run.Metrics, JsonSerializer.Serialize(line) + "\n");
            foreach (var (name, value) in values)
                _board.add_scalar(name, (float)value, (int)step, walltime: DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotWrite(_run.Metrics, error);
        }
    }
}
