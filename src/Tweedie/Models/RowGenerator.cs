using Tweedie.Diffusion;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// Fills in rows of categorical tokens, such as puzzles and the empty cells of a table, or draws new rows: each place has a vocabulary of its own. Thread-safe
/// once created.
/// </summary>
public sealed partial class RowGenerator : IDisposable
{
    private const int RowsTogether = 256;

    private readonly ColumnConstraints _constraints;

    /// <summary>Wraps a network; the generator owns it and puts it into evaluation mode.</summary>
    /// <param name="options">The options that the network was built from.</param>
    /// <param name="network">The network, which takes no condition.</param>
    /// <param name="columns">The places of a row.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <exception cref="ArgumentException">There are other columns than tokens.</exception>
    public RowGenerator(RowGeneratorOptions options, TokenNetwork network, TokenColumns columns, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count != options.Tokens)
            throw new ArgumentException($"Expected {options.Tokens} columns, got {columns.Count}.", nameof(columns));
        (Options, Columns, _constraints) = (options, columns, new ColumnConstraints(columns, device ?? CPU));
        Model = new TokenModel(network, options.CreateProcess(columns.VocabularySize), input: null, options.SamplingOver(DefaultSampling(options.Method)), device)
        {
            Always = _constraints.OfOpenRows(),
        };
    }

    /// <summary>How rows are sampled by default: the most probable entries, and in masked diffusion the most confident first.</summary>
    /// <param name="method">The method.</param>
    public static SamplingOptions DefaultSampling(TokenMethod method) => new() { Steps = method == TokenMethod.Ar ? 1 : 20, Guidance = 1, Decode = DecodeKind.Last };

    /// <summary>The options that the network was built from.</summary>
    public RowGeneratorOptions Options { get; }

    /// <summary>The places of a row.</summary>
    public TokenColumns Columns { get; }

    /// <summary>The token model under the generator.</summary>
    public TokenModel Model { get; }

    /// <summary>
    /// How new rows are drawn where an option is null: as a text generator draws texts, in the generator's own number of steps. To fill in rows, the model's own
    /// defaults count.
    /// </summary>
    public SamplingOptions Drawing => TextGenerator.DefaultSampling(Options.Method) with { Steps = Model.DefaultSampling.Steps };

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">In bfloat16, weights take half the memory.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights or columns do not fit the config.</exception>
    public static RowGenerator Load(string folder, Device? device = null, Precision precision = Precision.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var options = ReadOptions(folder);
        var columns = ReadColumns(folder, options.Tokens);
        return ModelFolder.Load(folder, ModelCost.Of(options, columns.VocabularySize), () => TokenNetwork.Create(options, columns.VocabularySize),
            network => new RowGenerator(options, network.Use(precision), columns, device));
    }

    /// <summary>Reads a generator's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a row generator's.</exception>
    public static RowGeneratorOptions ReadOptions(string folder) => ModelFolder.ReadOptions<RowGeneratorOptions>(folder, ModelFolder.RowGenerator);

    /// <summary>Reads the columns of a model's folder.</summary>
    /// <exception cref="TweedieException">The file is missing or damaged, or has another number of columns than the config has tokens.</exception>
    internal static TokenColumns ReadColumns(string folder, int tokens)
    {
        var columns = Fault.Of(FaultKind.Model, () => TokenColumns.Load(ModelFolder.Find(folder)));
        return columns.Count == tokens ? columns
            : throw new TweedieException($"{Path.Combine(ModelFolder.Find(folder), TokenColumns.FileName)}: has {columns.Count} columns, and the config says {tokens} tokens; fetch the model again.", FaultKind.Model);
    }

    /// <summary>Writes the model folder: <c>config.json</c>, <c>model.safetensors</c> and <c>columns.json</c>.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        Model.CheckNotDisposed();
        Columns.Save(folder);
        ModelFolder.Save(folder, Options, Model.Network);
    }

    /// <summary>Writes the model folder without its weights.</summary>
    internal void SaveDescription(string folder)
    {
        ModelFolder.SaveOptions(folder, Options);
        Columns.Save(folder);
    }

    /// <summary>Draws new rows.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="sampling">How to sample; null takes <see cref="Drawing"/>.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed of.</exception>
    public IReadOnlyList<long[]> Generate(int count, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var nothing = Enumerable.Repeat(ITokenRowSource.Missing, Options.Tokens).ToArray();
        return Fill([.. Enumerable.Repeat(nothing, count)], (sampling ?? new()).Over(Drawing), cancellation);
    }

    /// <summary>Fills in rows.</summary>
    /// <param name="rows">
    /// Rows of ids; <see cref="ITokenRowSource.Missing"/> where a token is to be filled in.
    /// </param>
    /// <param name="sampling">How to sample, one draw per row; null takes the generator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>The whole rows, in their order.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed of.</exception>
    public IReadOnlyList<long[]> Fill(IReadOnlyList<long[]> rows, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var resolved = Model.Resolve((sampling ?? new()) with { Draws = 1 });
        var (reverse, filled) = (Model.Reverse(resolved), new List<long[]>());
        foreach (var items in Enumerable.Range(0, rows.Count).Chunk(RowsTogether))
        {
            using var scope = NewDisposeScope();
            using var constraint = Constrain([.. items.Select(item => rows[item])]);
            using var decoding = Decoding.Of(
                Model.Denoise(Model.Unconditional(items.Length), reverse, resolved.Seed, items: items, constraint: constraint, cancellation: cancellation),
                resolved.Decode!.Value, probabilities: false);
            using var tokens = decoding.Tokens(resolved.Decode.Value);
            filled.AddRange(tokens.cpu().data<long>().ToArray().Chunk(Options.Tokens));
        }
        return filled;
    }

    /// <summary>What is known of rows: their tokens, and which entries each place may have.</summary>
    /// <param name="rows">Rows of ids; <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is none of its place.</exception>
    public TokenConstraint Constrain(IReadOnlyList<long[]> rows) => _constraints.Of(rows);

    /// <inheritdoc/>
    public void Dispose()
    {
        _constraints.Dispose();
        Model.Dispose();
    }
}
