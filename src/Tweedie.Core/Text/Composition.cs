using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using static Tweedie.Text.Decomposition;

namespace Tweedie.Text;

/// <summary>Normalization form C (Unicode Standard Annex 15): characters are decomposed, their marks are put into order, and what can be composed is.</summary>
internal static class Composition
{
    // No character below is changed, and none is a mark.
    private const char FirstMark = '\u0300';

    private static readonly FrozenDictionary<int, int> Classes = EmbeddedTable.Read("CombiningClasses.txt").SelectMany(line =>
    {
        var ends = Array.ConvertAll(line.Key.Split('-'), end => int.Parse(end, NumberStyles.HexNumber));
        return Enumerable.Range(ends[0], ends[1] - ends[0] + 1).Select(code => (Code: code, Class: (int)line.Value[0]));
    }).ToFrozenDictionary(entry => entry.Code, entry => entry.Class);

    /// <summary>The text in normalization form C. The text must be well-formed UTF-16.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstMark, char.MaxValue))
            return text;
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Append(rune.Value, codes);
        Order(codes);
        var output = new StringBuilder(text.Length);
        foreach (var code in Compose(codes))
            output.Append(new Rune(code).ToString());
        return output.ToString();
    }

    private static int ClassOf(int code) => Classes.GetValueOrDefault(code);

    // Sorts each run of marks by class; marks of one class keep their order.
    private static void Order(List<int> codes)
    {
        for (var i = 1; i < codes.Count; i++)
        {
            var (code, order) = (codes[i], ClassOf(codes[i]));
            var place = i;
            for (; order > 0 && place > 0 && ClassOf(codes[place - 1]) > order; place--)
                codes[place] = codes[place - 1];
            codes[place] = code;
        }
    }

    private static List<int> Compose(List<int> codes)
    {
        var output = new List<int>(codes.Count);
        var (starter, last) = (-1, 0); // the place of the last starter, and the class of the mark before
        foreach (var code in codes)
        {
            var order = ClassOf(code);
            // A mark is blocked by one of its class between it and the starter, a starter by anything.
            var isBlocked = output.Count - 1 != starter && (last >= order || order == 0);
            if (starter >= 0 && !isBlocked && Pair(output[starter], code) is { } whole)
            {
                output[starter] = whole;
                continue;
            }
            if (order == 0)
                starter = output.Count;
            last = order;
            output.Add(code);
        }
        return output;
    }

    private static int? Pair(int first, int second) => (first - Leading, second - Vowel, first - FirstSyllable, second - Trailing) switch
    {
        ( >= 0 and < Leadings and var lead, >= 0 and < Vowels and var vowel, _, _) => FirstSyllable + (lead * Vowels + vowel) * Trailings,
        (_, _, >= 0 and <= LastSyllable - FirstSyllable and var syllable, > 0 and < Trailings and var trail) when syllable % Trailings == 0 => first + trail,
        _ => Compositions.TryGetValue((first, second), out var whole) ? whole : null,
    };
}
