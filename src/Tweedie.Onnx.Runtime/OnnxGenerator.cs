using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Onnx;

/// <summary>An exported text generator, of one-hot or masked diffusion, without libtorch. Thread-safe once created.</summary>
public sealed class OnnxGenerator : IDisposable
{
    private const int RowsTogether = 64;

    private OnnxGenerator(OnnxTokenModel model, ITokenizer tokenizer) => (Model, Tokenizer) = (model, tokenizer);

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options => Model.Options;

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    internal OnnxTokenModel Model { get; }

    /// <summary>Loads the folder of an exported text generator.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported text generator, or a file is missing or damaged.</exception>
    public static OnnxGenerator Load(string folder, int threads = 1)
    {
        var exported = ExportedFolder.Open(folder, OnnxModelKind.TextGenerator);
        var tokenizer = exported.Tokenizer();
        return new(new OnnxTokenModel(exported, threads), tokenizer);
    }

    /// <summary>Writes texts.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="prompt">What each text begins with.</param>
    /// <param name="length">
    /// The tokens of a text with its prompt; by default N. Longer texts are written part by part: the second half of what there is stays, and the text goes on from it.
    /// </param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">
    /// An option is out of range, or asks for what the model or this runtime cannot do; the prompt leaves no room in N tokens, or is not in the vocabulary.
    /// </exception>
    public IReadOnlyList<string> Generate(int count = 1, string prompt = "", int? length = null, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        LongText.Write(Tokenizer, Options.Tokens, count, prompt, length, (begin, part) => Sample(count, begin[0].Length == 0 ? null : Beginning(begin), sampling, part, cancellation));

    /// <summary>Fills the gaps of a text.</summary>
    /// <param name="template">The text with its gaps.</param>
    /// <param name="count">How many answers, at least 1.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option asks for what the model or this runtime cannot do, or the text is longer than N tokens.</exception>
    public IReadOnlyList<string> Fill(TokenTemplate template, int count = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var shown = template.GoesOn ? Options.Tokens : template.Places.Count;
        return [.. Sample(count, KnownTemplate.Of(template, Options).Repeated(count, Options.Tokens), sampling, part: 0, cancellation).Select(row => Tokenizer.Decode([.. row.Take(shown)]))];
    }

    /// <summary>The lazy stream of denoising steps of rows of N tokens.</summary>
    /// <param name="count">How many rows, at least 1.</param>
    /// <param name="template">A text with gaps that each row begins with; null leaves all open.</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="top">How many of the most probable entries of each token are kept per step.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do; thrown by the call.</exception>
    public IEnumerable<StepSnapshot> Denoise(int count = 1, TokenTemplate? template = null, SamplingOptions? sampling = null, int top = 0, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return Steps(count, template is null ? null : KnownTemplate.Of(template, Options), sampling, cancellation).Select(step => step.Snapshot(top));
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    /// <summary>The steps of draws of one row.</summary>
    internal IEnumerable<OnnxStep> Steps(int count, KnownRows? known, SamplingOptions? sampling, CancellationToken cancellation = default) =>
        Model.Denoise(OnnxCondition.None(1), Model.Resolve((sampling ?? new()) with { Draws = count }), known, cancellation: cancellation);

    private KnownRows Beginning(int[][] begin) =>
        KnownTemplate.Of(begin.SelectMany(row => row.Select(id => (int?)id).Concat(Enumerable.Repeat<int?>(null, Options.Tokens - row.Length))));

    // Rows of N tokens. The noise of a row follows from the seed, its number and the part of the text, whatever rows are sampled beside it.
    private List<int[]> Sample(int count, KnownRows? known, SamplingOptions? sampling, int part, CancellationToken cancellation)
    {
        var resolved = Model.Resolve((sampling ?? new()) with { Draws = count }) with { Draws = 1 };
        var seed = part == 0 ? resolved.Seed : Seeds.Derive(resolved.Seed, SeedPurpose.Sample, part);
        return [.. OnnxRows.Sample(Model, count, RowsTogether, known, resolved, seed, cancellation).Select(row => Array.ConvertAll(row, id => (int)id))];
    }
}
