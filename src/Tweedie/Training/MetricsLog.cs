using System.Text.Json;
using TorchSharp;
using TorchSharp.Modules;

namespace Tweedie.Training;

/// <summary>The run's log: <c>metrics.jsonl</c> and TensorBoard's <c>events.*</c>. Both are appended to on resume.</summary>
public sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _lines;
    private readonly SummaryWriter _board;

    /// <summary>Opens the log of a run.</summary>
    public MetricsLog(RunFolder run)
    {
        _lines = new StreamWriter(run.Metrics, append: true) { AutoFlush = true };
        _board = torch.utils.tensorboard.SummaryWriter(run.Path);
    }

    /// <summary>Writes one line: the step and named values.</summary>
    public void Write(long step, IReadOnlyDictionary<string, double> values)
    {
        var line = new Dictionary<string, object> { ["step"] = step };
        foreach (var (name, value) in values)
        {
            line[name] = double.IsFinite(value) ? value : value.ToString();
            _board.add_scalar(name, (float)value, (int)step);
        }
        _lines.WriteLine(JsonSerializer.Serialize(line));
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();
}
