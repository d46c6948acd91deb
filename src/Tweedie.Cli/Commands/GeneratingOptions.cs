using System.CommandLine;
using Tweedie.Cli.Output;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>The options that commands of generators share: the model, how entries are drawn, where it is computed, and where the result goes.</summary>
internal sealed class GeneratingOptions
{
    private readonly Option<string> _model = CommonOptions.Model();
    private readonly DrawOptions _draw = new();
    private readonly Option<string?> _json = CommonOptions.Json();
    private readonly ComputeOptions _compute = new();
    private readonly Option<Precision> _precision = CommonOptions.Precision();

    /// <summary>How many texts or rows.</summary>
    public Option<int> Count { get; } = new Option<int>("--count") { Description = "How many texts or rows", DefaultValueFactory = _ => 1, HelpName = "N" }.AtLeast(1);

    /// <summary>Whether the way of a text is shown.</summary>
    public Option<bool> Trace { get; } = new("--trace") { Description = "Show how the first text came about, and colour its tokens by the step in which they settled" };

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _model, Count, Trace, _json, _compute.Device, _compute.Threads, _precision })
            command.Add(option);
        _draw.AddTo(command);
    }

    /// <summary>What was typed, checked where that needs no model.</summary>
    public Typed Read(ParseResult parsed)
    {
        var json = parsed.GetValue(_json);
        JsonOutput.Check(json);
        var device = _compute.Open(parsed);
        return new(parsed.GetRequiredValue(_model), parsed.GetValue(Count), parsed.GetValue(Trace), _draw.Read(parsed, new SamplingOptions()), json, device, parsed.GetValue(_precision).WarnIfSlow(device));
    }

    /// <summary>What was typed.</summary>
    internal sealed record Typed(string Model, int Count, bool Trace, SamplingOptions Sampling, string? Json, Device Device, Precision Precision)
    {
        /// <summary>Writes the result for programs, with what identifies it.</summary>
        public void Write(string task, object asked, SamplingOptions settings, object result) =>
            JsonOutput.Write(Json, new { Task = task, Model, Origin = ResultOrigin.Of(Model, Precision, Device), Asked = asked, Settings = settings, Result = result });
    }
}
