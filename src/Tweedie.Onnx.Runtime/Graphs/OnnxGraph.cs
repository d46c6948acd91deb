using Microsoft.ML.OnnxRuntime;

namespace Tweedie.Onnx;

/// <summary>A graph of an exported model, run by ONNX Runtime on the CPU. Thread-safe.</summary>
internal sealed class OnnxGraph : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;

    /// <summary>Opens a graph.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads of one operation.</param>
    /// <exception cref="TweedieException">The file is missing, or is no graph that the runtime can run.</exception>
    public OnnxGraph(string path, int threads)
    {
        _path = path;
        using var options = new SessionOptions { IntraOpNumThreads = threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        try
        {
            _session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new TweedieException($"{path}: cannot be opened as an ONNX model: {OneLine.Of(exception.Message)}", exception, FaultKind.Model);
        }
    }

    /// <summary>The names of its outputs.</summary>
    public IReadOnlyList<string> Outputs => _session.OutputNames;

    /// <summary>Whether it has an input of that name.</summary>
    public bool Takes(string input) => _session.InputMetadata.ContainsKey(input);

    /// <summary>Refuses a graph without an input or an output, or with one of another shape than the description of the model says.</summary>
    /// <param name="inputs">Inputs, and the lengths of their dimensions; −1 where a length is free.</param>
    /// <param name="outputs">Outputs in the same way.</param>
    /// <exception cref="TweedieException">One is missing or differs.</exception>
    public void Check((string Name, int[] Shape)[] inputs, (string Name, int[] Shape)[] outputs)
    {
        foreach (var (name, shape) in inputs)
            Check("input", _session.InputMetadata, name, shape);
        foreach (var (name, shape) in outputs)
            Check("output", _session.OutputMetadata, name, shape);
    }

    private void Check(string what, IReadOnlyDictionary<string, NodeMetadata> all, string name, int[] shape)
    {
        if (!all.TryGetValue(name, out var found))
            throw new TweedieException($"{_path}: has no {what} '{name}', which {OnnxNames.Description} leads to expect; export the model again.", FaultKind.Model);
        if (!found.Dimensions.SequenceEqual(shape))
            throw new TweedieException($"{_path}: the {what} '{name}' is ({string.Join(", ", found.Dimensions)}), and {OnnxNames.Description} leads to expect ({string.Join(", ", shape)}), where −1 is any length; export the model again.", FaultKind.Model);
    }

    /// <summary>Runs the graph. Inputs that it does not have are left out.</summary>
    /// <param name="inputs">The inputs; this method disposes of none.</param>
    /// <param name="outputs">The names of the outputs that are wanted.</param>
    /// <returns>The outputs, in that order; the caller disposes of them.</returns>
    /// <exception cref="TweedieException">The graph cannot be run on these inputs.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(IReadOnlyCollection<KeyValuePair<string, OrtValue>> inputs, IReadOnlyCollection<string> outputs)
    {
        var taken = inputs.Where(input => Takes(input.Key)).ToList();
        try
        {
            using var options = new RunOptions();
            return _session.Run(options, [.. taken.Select(input => input.Key)], [.. taken.Select(input => input.Value)], outputs);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new TweedieException($"{_path}: cannot be run: {OneLine.Of(exception.Message)}", exception, FaultKind.Model);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();
}
