using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>Turns a text with gaps into what is known of a row of tokens.</summary>
internal static class TemplateConstraint
{
    /// <summary>The constraint of one row.</summary>
    /// <param name="template">The text.</param>
    /// <param name="length">N.</param>
    /// <param name="classes">K.</param>
    /// <param name="device">Where its tensors are.</param>
    /// <param name="end">The token that ends a text; null where texts have no end, so that the row goes on in any case.</param>
    /// <param name="padding">The token behind the end.</param>
    /// <exception cref="TweedieException">The template is longer than the row.</exception>
    public static TokenConstraint Constrain(this TokenTemplate template, int length, long classes, Device device, int? end = null, int? padding = null)
    {
        var ends = end is not null && !template.GoesOn;
        var count = template.Places.Count;
        if (count + (end is null ? 0 : 1) > length)
            throw new TweedieException($"The text has {count} tokens with its gaps, and the model has room for {length - (end is null ? 0 : 1)}; shorten it.");
        int? At(int place) => place < count ? template.Places[place] : !ends ? null : place == count ? end : padding;
        int?[] row = [.. Enumerable.Range(0, length).Select(At)];

        using var scope = NewDisposeScope();
        var tokens = tensor(row.Select(token => (long)(token ?? 0)).ToArray(), [1, length], int64, device: device);
        var known = tensor(row.Select(token => token is not null).ToArray(), [1, length], device: device);
        return new TokenConstraint(tokens, known, classes, end is { } last ? Inside(row, last, padding) : null);

        // No gap before the last known token may hold the end of the sentence.
        Tensor Inside(int?[] places, long ending, int? filler)
        {
            var allowed = ones([length, classes], @bool, device);
            using Scalar no = false;
            for (var place = 0; place < Array.FindLastIndex(places, token => token is not null); place++)
                if (places[place] is null)
                    foreach (var entry in new[] { ending, filler ?? ending })
                        allowed[place].narrow(0, entry, 1).fill_(no);
            return allowed;
        }
    }
}
