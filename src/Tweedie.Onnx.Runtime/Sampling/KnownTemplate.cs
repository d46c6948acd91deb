using Tweedie.Text;

namespace Tweedie.Onnx;

/// <summary>Turns a text with gaps, or rows of ids with gaps, into what is known of rows of tokens.</summary>
internal static class KnownTemplate
{
    /// <summary>What is known of one row that begins with a text with gaps.</summary>
    /// <param name="template">The text.</param>
    /// <param name="model">The model.</param>
    /// <param name="end">The token that ends a text; null where texts have no end, so that the row goes on in any case.</param>
    /// <param name="padding">The token behind the end.</param>
    /// <exception cref="TweedieException">The template is longer than the row.</exception>
    public static KnownRows Of(TokenTemplate template, OnnxModelOptions model, int? end = null, int? padding = null)
    {
        var row = template.Row(model.Tokens, end, padding);
        return Of(row) with { Allowed = end is { } ending ? Inside(row, model.Classes, ending, padding ?? ending) : null };
    }

    /// <summary>What is known of rows; null or a number below 0 where nothing is.</summary>
    public static KnownRows Of(IEnumerable<int?> tokens)
    {
        int?[] all = [.. tokens];
        return new([.. all.Select(token => token is >= 0 ? (long)token : 0)], [.. all.Select(token => token is >= 0)]);
    }

    // No gap before the last known token may hold the end of the sentence.
    private static bool[] Inside(int?[] places, int classes, int end, int padding)
    {
        var allowed = new bool[places.Length * classes];
        Array.Fill(allowed, true);
        foreach (var place in TokenTemplate.GapsInside(places))
            (allowed[place * classes + end], allowed[place * classes + padding]) = (false, false);
        return allowed;
    }
}
