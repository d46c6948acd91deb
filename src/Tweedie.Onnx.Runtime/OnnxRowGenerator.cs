using Tweedie.Sampling;
using Tweedie.Tokens;

namespace Tweedie.Onnx;

/// <summary>An exported generator of rows, such as puzzles and tables, of one-hot or masked diffusion, without libtorch. Thread-safe once created.</summary>
public sealed class OnnxRowGenerator : IDisposable
{
    private const int RowsTogether = 256;

    private readonly OnnxTokenModel _model;
    private readonly bool[]? _allowed;

    private OnnxRowGenerator(OnnxTokenModel model, TokenColumns columns)
    {
        (_model, Columns) = (model, columns);
        if (columns.Any(column => column.Entries.Count < columns.VocabularySize))
            _allowed = [.. columns.SelectMany(column => Enumerable.Range(0, columns.VocabularySize).Select(entry => entry < column.Entries.Count))];
    }

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => _model.Options;

    /// <summary>The places of a row.</summary>
    public TokenColumns Columns { get; }

    internal OnnxTokenModel Model => _model;

    /// <summary>Loads the folder of an exported generator of rows.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported generator of rows, or a file is missing or damaged.</exception>
    public static OnnxRowGenerator Load(string folder, int threads = 1)
    {
        var exported = ExportedFolder.Open(folder, OnnxModelKind.RowGenerator);
        var columns = Fault.Of(FaultKind.Model, () => TokenColumns.Load(folder));
        if (columns.Count != exported.Description.Tokens || columns.VocabularySize != exported.Description.Classes)
            throw new TweedieException($"{Path.Combine(folder, TokenColumns.FileName)}: has {columns.Count} columns of {columns.VocabularySize} entries, and the model {exported.Description.Tokens} of {exported.Description.Classes}; export the model again.", FaultKind.Model);
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
        return [.. OnnxRows.Sample(_model, rows.Count, RowsTogether, Known(rows), resolved, resolved.Seed, cancellation)];
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    internal KnownRows Known(IReadOnlyList<long[]> rows)
    {
        foreach (var row in rows)
        {
            if (row.Length != Options.Tokens)
                throw new ArgumentException($"A row has {row.Length} tokens, and the model {Options.Tokens}.", nameof(rows));
            if (row.Index().FirstOrDefault(place => place.Item < ITokenRowSource.Missing || place.Item >= Columns[place.Index].Entries.Count, (-1, 0)) is { Index: >= 0 } wrong)
                throw new ArgumentException($"The id {wrong.Item} is none of place {wrong.Index}.", nameof(rows));
        }
        return KnownTemplate.Of(rows.SelectMany(row => row.Select(id => (int?)id))) with { Allowed = _allowed };
    }
}
