using Tweedie.Sampling;
using Tweedie.Tokens;

namespace Tweedie.Onnx;

/// <summary>An exported generator of rows, such as puzzles and tables, of one-hot or masked diffusion, without libtorch. Thread-safe once created.</summary>
public sealed class OnnxRowGenerator : IDisposable
{
    private const int RowsTogether = 256;

    private readonly OnnxTokenModel _model;
    private readonly KnownColumns _columns;

    private OnnxRowGenerator(OnnxTokenModel model, KnownColumns columns) => (_model, _columns) = (model, columns);

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => _model.Options;

    /// <summary>The places of a row.</summary>
    public TokenColumns Columns => _columns.Columns;

    internal OnnxTokenModel Model => _model;

    /// <summary>Loads the folder of an exported generator of rows.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported generator of rows, or a file is missing or damaged.</exception>
    public static OnnxRowGenerator Load(string folder, int threads = 1)
    {
        var exported = ExportedFolder.Open(folder, OnnxModelKind.RowGenerator);
        var columns = KnownColumns.Load(exported);
        return new(new OnnxTokenModel(exported, threads), columns);
    }

    /// <summary>Fills in rows.</summary>
    /// <param name="rows">Rows of ids; <see cref="ITokenRowSource.Missing"/> where a token is to be filled in.</param>
    /// <param name="sampling">How to sample, one draw per row; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>The whole rows, in their order.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do.</exception>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    public IReadOnlyList<long[]> Fill(IReadOnlyList<long[]> rows, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var resolved = _model.Resolve((sampling ?? new()) with { Draws = 1 });
        return [.. OnnxRows.Sample(_model, rows.Count, RowsTogether, _columns.Of(rows), resolved, resolved.Seed, cancellation)];
    }

    /// <summary>The lazy stream of steps in which rows are filled in; where the sampling has several draws, those of a row stand side by side.</summary>
    /// <param name="rows">Rows of ids, at least one; <see cref="ITokenRowSource.Missing"/> where a token is to be filled in.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="top">How many of the most probable entries of each place are kept per step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do; thrown by the call.</exception>
    /// <exception cref="ArgumentException">There is no row, a row has another length, or an id that is none of its place.</exception>
    public IEnumerable<StepSnapshot> Denoise(IReadOnlyList<long[]> rows, SamplingOptions? sampling = null, int top = 0, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return Steps(rows, sampling, cancellation).Select(step => step.Snapshot(top));
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    internal IEnumerable<OnnxStep> Steps(IReadOnlyList<long[]> rows, SamplingOptions? sampling, CancellationToken cancellation = default) =>
        _model.Denoise(OnnxCondition.None(rows.Count), _model.Resolve(sampling), _columns.Of(rows), cancellation: cancellation);
}
