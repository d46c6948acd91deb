using Tweedie.Diffusion;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// Writes texts, goes on from prompts and fills gaps: by one-hot or masked diffusion, which write N tokens in parallel, or token by token. Thread-safe once
/// created.
/// </summary>
public sealed partial class TextGenerator : IDisposable
{
    private const int RowsTogether = 64;

    /// <summary>Wraps a network; the generator owns it and puts it into evaluation mode.</summary>
    /// <param name="options">The options that the network was built from.</param>
    /// <param name="network">The network, which takes no condition.</param>
    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    public TextGenerator(TextGeneratorOptions options, TokenNetwork network, ITokenizer tokenizer, Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(tokenizer);
        (Options, Tokenizer) = (options, tokenizer);
        Model = new TokenModel(network, options.CreateProcess(tokenizer.VocabularySize), input: null, options.SamplingOver(DefaultSampling(options.Method)), device);
    }

    /// <summary>
    /// How texts are sampled by default: entries are drawn, by ancestral unmasking in masked diffusion. One-hot and masked diffusion take 100 steps; token by token,
    /// there is one step per token.
    /// </summary>
    /// <param name="method">The method.</param>
    public static SamplingOptions DefaultSampling(TokenMethod method) => new()
    {
        Steps = 100,
        Guidance = 1,
        Decode = DecodeKind.Last,
        ToOne = ToOneKind.Multinomial,
        Unmasking = method == TokenMethod.Mdd ? UnmaskingKind.Ancestral : UnmaskingKind.Confidence,
    };

    /// <summary>The options that the network was built from.</summary>
    public TextGeneratorOptions Options { get; }

    /// <summary>The token model under the generator.</summary>
    public TokenModel Model { get; }

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">In bfloat16, weights take half the memory.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static TextGenerator Load(string folder, Device? device = null, Precision precision = Precision.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var (options, tokenizer) = (ReadOptions(folder), Fault.Of(FaultKind.Model, () => Tokenizers.Load(ModelFolder.Find(folder))));
        return ModelFolder.Load(folder, ModelCost.Of(options, tokenizer.VocabularySize), () => TokenNetwork.Create(options, tokenizer.VocabularySize),
            network => new TextGenerator(options, network.Use(precision), tokenizer, device));
    }

    /// <summary>Reads a generator's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a text generator's.</exception>
    public static TextGeneratorOptions ReadOptions(string folder) => ModelFolder.ReadOptions<TextGeneratorOptions>(folder, ModelFolder.TextGenerator);

    /// <summary>Writes the model folder: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer's files.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        Model.CheckNotDisposed();
        Tokenizer.Save(folder);
        ModelFolder.Save(folder, Options, Model.Network);
    }

    /// <summary>Writes the model folder without its weights.</summary>
    internal void SaveDescription(string folder)
    {
        ModelFolder.SaveOptions(folder, Options);
        Tokenizer.Save(folder);
    }

    /// <summary>Writes texts.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="prompt">What each text begins with.</param>
    /// <param name="length">
    /// The tokens of a text with its prompt; by default N. Longer texts are written part by part: the second half of what there is stays, and the text goes on from it.
    /// </param>
    /// <param name="sampling">How to sample; null takes the generator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">
    /// An option is out of range, or asks for what the model cannot do; the prompt leaves no room in N tokens, or is not in the vocabulary.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed of.</exception>
    public IReadOnlyList<string> Generate(int count = 1, string prompt = "", int? length = null, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        LongText.Write(Tokenizer, Options.Tokens, count, prompt, length, (begin, part) => Continue(begin, sampling, part, cancellation));

    /// <summary>Fills the gaps of a text.</summary>
    /// <param name="template">The text with its gaps.</param>
    /// <param name="count">How many answers, at least 1.</param>
    /// <param name="sampling">How to sample; null takes the generator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option asks for what the model cannot do, or the text is longer than N tokens.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed of.</exception>
    public IReadOnlyList<string> Fill(TokenTemplate template, int count = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var constraint = Constrain(template);
        var shown = template.GoesOn ? Options.Tokens : template.Places.Count;
        return [.. Sample(count, constraint, sampling, part: 0, cancellation).Select(row => Tokenizer.Decode([.. row.Take(shown)]))];
    }

    /// <summary>What is known of a row of N tokens that begins with a text with gaps.</summary>
    /// <exception cref="TweedieException">The text is longer than N tokens.</exception>
    public TokenConstraint Constrain(TokenTemplate template) => Constrain([Row(template)]);

    /// <summary>The ids of a row of N tokens that begins with a text with gaps; <see cref="ITokenRowSource.Missing"/> where nothing is known.</summary>
    /// <exception cref="TweedieException">The text is longer than N tokens.</exception>
    public long[] Row(TokenTemplate template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return [.. template.Row(Options.Tokens).Select(id => id ?? ITokenRowSource.Missing)];
    }

    /// <summary>What is known of rows of ids: their tokens.</summary>
    /// <param name="rows">Rows of N ids; <see cref="ITokenRowSource.Missing"/> where nothing is known.</param>
    /// <exception cref="ArgumentException">A row has another length, or an id that is not in the vocabulary.</exception>
    public TokenConstraint Constrain(IReadOnlyList<long[]> rows) => TokenConstraint.OfRows(rows, Options.Tokens, Tokenizer.VocabularySize, Model.Device);

    /// <summary>The lazy stream of denoising steps of rows of N tokens.</summary>
    /// <param name="count">How many rows, at least 1.</param>
    /// <param name="constraint">What is known of them; null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="sampling">How to sample; null takes the generator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ObjectDisposedException">The generator has been disposed of.</exception>
    public IEnumerable<DenoisingStep> Denoise(int count = 1, TokenConstraint? constraint = null, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        var resolved = Model.Resolve((sampling ?? new()) with { Draws = count });
        return Steps();

        IEnumerable<DenoisingStep> Steps()
        {
            using var condition = Model.Unconditional(1).DetachFromDisposeScope();
            foreach (var step in Model.Denoise(condition, resolved, constraint, cancellation))
                yield return step;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    // Rows of N tokens that begin with given ones, all of the same number.
    private List<int[]> Continue(int[][] begin, SamplingOptions? sampling, int part, CancellationToken cancellation)
    {
        if (begin[0].Length == 0)
            return Sample(begin.Length, null, sampling, part, cancellation);
        using var constraint = Constrain([.. begin.Select(row => row.Select(id => (long)id).Concat(Enumerable.Repeat(ITokenRowSource.Missing, Options.Tokens - row.Length)).ToArray())]);
        return Sample(begin.Length, constraint, sampling, part, cancellation);
    }

    // Rows of N tokens. The noise of a row follows from the seed, its number and the part of the text, whatever rows are sampled beside it.
    private List<int[]> Sample(int count, TokenConstraint? constraint, SamplingOptions? sampling, int part, CancellationToken cancellation)
    {
        var resolved = Model.Resolve((sampling ?? new()) with { Draws = count });
        var (reverse, seed) = (Model.Reverse(resolved), part == 0 ? resolved.Seed : Seeds.Derive(resolved.Seed, SeedPurpose.Sample, part));
        var rows = new List<int[]>();
        foreach (var items in Enumerable.Range(0, count).Chunk(RowsTogether))
        {
            using var scope = NewDisposeScope();
            using var own = constraint?.Rows(items[0], items.Length);
            using var decoding = Decoding.Of(
                Model.Denoise(Model.Unconditional(items.Length), reverse, seed, items: items, constraint: own, cancellation: cancellation),
                resolved.Decode!.Value, probabilities: false);
            using var tokens = decoding.Tokens(resolved.Decode!.Value);
            rows.AddRange(tokens.cpu().data<long>().ToArray().Select(id => (int)id).Chunk((int)tokens.shape[1]));
        }
        return rows;
    }
}
