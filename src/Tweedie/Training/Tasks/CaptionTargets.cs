using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Training;

/// <summary>The token rows of a captioned source. In every epoch, one or several of an image's captions are drawn anew.</summary>
/// <param name="source">The captions.</param>
/// <param name="tokenizer">The vocabulary.</param>
/// <param name="length">N.</param>
/// <param name="seed">The run's seed.</param>
/// <param name="withStart">Whether a row begins with the start token, where the vocabulary has one.</param>
/// <param name="captions">How many captions of an image are drawn; their rows stand one after the other. An image with fewer gives some of them again.</param>
internal sealed class CaptionTargets(ICaptionSource source, ITokenizer tokenizer, int length, long seed, bool withStart = false, int captions = 1)
{
    /// <summary>The rows of an image in an epoch; a <see cref="TargetRow"/>.</summary>
    public ReadOnlySpan<long> Row(int epoch, int index)
    {
        var all = source.GetCaptions(index);
        var random = new SampleRandom(Seeds.Derive(seed, SeedPurpose.Caption, epoch, index));
        if (captions == 1)
            return RowOf(all[random.NextInt(all.Count)]);
        int[] order = [.. Enumerable.Range(0, all.Count)];
        random.Shuffle<int>(order);
        return Enumerable.Range(0, captions).SelectMany(i => RowOf(all[order[i % order.Length]])).ToArray();
    }

    private long[] RowOf(string caption) => Array.ConvertAll(tokenizer.EncodeRow(caption, length, withStart), id => (long)id);

    /// <summary>What the rows lose: the ends of captions that are too long, and words outside the vocabulary. One sentence each.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IEnumerable<string> Warnings(CancellationToken cancellation = default)
    {
        // The end token takes a place of the row, and so does the start token.
        var room = length - (withStart && tokenizer.Special.Start is not null ? 2 : 1);
        long count = 0, cut = 0, tokens = 0, unknown = 0;
        foreach (var caption in Enumerable.Range(0, source.Count).SelectMany(source.GetCaptions))
        {
            cancellation.ThrowIfCancellationRequested();
            var ids = tokenizer.Encode(caption);
            count++;
            tokens += ids.Length;
            cut += ids.Length > room ? 1 : 0;
            unknown += tokenizer.Special.Unknown is { } id ? ids.Count(other => other == id) : 0;
        }
        if (cut > 0)
            yield return $"{source.Name}: {cut} of {count} captions are longer than a row of {length} tokens and are cut.";
        if (unknown > 0)
            yield return $"{source.Name}: {unknown} of {tokens} tokens are not in the vocabulary and become {tokenizer.Token(tokenizer.Special.Unknown!.Value)}.";
    }
}
