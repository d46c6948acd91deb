namespace Tweedie.Text;

/// <summary>The ids of a vocabulary's special tokens.</summary>
/// <param name="Padding">Fills a row after the end token.</param>
/// <param name="End">Ends a text: <c>[SEP]</c>, or <c>&lt;|endoftext|&gt;</c>.</param>
/// <param name="Start">Begins a text: <c>[CLS]</c>, or <c>&lt;|startoftext|&gt;</c>; null where the vocabulary has none.</param>
/// <param name="Unknown">Stands for what the vocabulary cannot spell; null where it can spell everything.</param>
/// <param name="Mask">Stands for a hidden token in masked diffusion; null where the vocabulary has none.</param>
public sealed record SpecialTokens(int Padding, int End, int? Start = null, int? Unknown = null, int? Mask = null)
{
    /// <summary>Whether <see cref="Padding"/> is also an ordinary entry, as in CLIP, whose rows are padded with 0, the entry <c>!</c>.</summary>
    public bool PaddingIsOrdinary { get; init; }
}
