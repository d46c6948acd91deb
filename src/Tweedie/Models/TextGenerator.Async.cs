using Tweedie.Sampling;
using Tweedie.Text;

namespace Tweedie.Models;

/// <content>Texts from threads of their own.</content>
public sealed partial class TextGenerator
{
    /// <summary>Writes texts on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Generate"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<IReadOnlyList<string>> GenerateAsync(
        int count = 1, string prompt = "", int? length = null, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Generate(count, prompt, length, sampling, cancellation), cancellation);

    /// <summary>Fills the gaps of a text on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Fill"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<IReadOnlyList<string>> FillAsync(TokenTemplate template, int count = 1, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Fill(template, count, sampling, cancellation), cancellation);

    /// <summary>
    /// The steps in which a text of N tokens appears; <see cref="Written"/> makes text of their tokens. They are computed on a thread of their own, at most one step
    /// ahead of the reader.
    /// </summary>
    /// <param name="prompt">What the text begins with.</param>
    /// <param name="top">How many entries of the vocabulary each token of a step lists, at least 0.</param>
    /// <param name="sampling">How to sample; null takes the generator's defaults.</param>
    /// <param name="cancellation">Ends the stream before the next step.</param>
    /// <exception cref="TweedieException">
    /// An option is out of range, or asks for what the model cannot do; the prompt leaves no room in N tokens, or is not in the vocabulary.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<StepSnapshot> DenoiseAsync(string prompt = "", int top = 0, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        var begin = LongText.Prompt(prompt, Tokenizer, Options.Tokens);
        return OwnThread.Stream(Steps, cancellation);

        IEnumerable<StepSnapshot> Steps(CancellationToken stop)
        {
            using var constraint = begin.Count == 0 ? null : Constrain(new TokenTemplate([.. begin.Select(id => (int?)id)], GoesOn: true));
            foreach (var step in Denoise(1, constraint, sampling, stop))
                yield return step.Snapshot(top);
        }
    }

    /// <summary>The text of a row of tokens, with what is still open in it.</summary>
    public string Written(IEnumerable<long> row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Tokenizer.Decode([.. row.Select(id => (int)id)]);
    }
}
