using System.Text.RegularExpressions;

namespace Tweedie.Text;

/// <summary>
/// Signs that text in UTF-8 was read as Latin-1 or Windows-1252: characters beside each other that written text does not have, such as a lower-case letter
/// before an accented capital. The groups of characters and the pairs follow ftfy's heuristic, for these two encodings.
/// </summary>
internal static partial class MojibakeSigns
{
    private const string Lower = "ßà-ñüœšž", Upper = "À-ÑØÜÝŒŠŸŽ", Rare = "¦¤¨¬¯¸ƒˆ˜†‡‰ªº\uFFFD", Number = "²³¹±¼½¾×µ÷", Currency = "¢£¥€", Law = "¶§";
    private const string Opening = "¡«¿©‘‚“„•‹", Closing = "®»”›™", Ordinary = "\u00A0\u00AD·´–—…’";
    private const string Marks = Lower + Upper + Opening + Closing + Currency + Number + Law;

    // A byte behind the first of a character, as Windows-1252 and Latin-1 show it. Quotes, dashes and ellipses often stand for themselves.
    private const string Certain = "\u0080-\u00BFŒœŠšŸŽžƒˆ˜†‡‰‹›€™";
    private const string Continuing = Certain + "–—‘’‚“”„•… ";

    /// <summary>Whether there is such a sign.</summary>
    public static bool AreIn(string text) => Sign().IsMatch(text);

    /// <summary>
    /// One or more characters that look like UTF-8. The character before them cannot be a last byte of UTF-8; else the match may be a part of a longer sequence.
    /// </summary>
    [GeneratedRegex($"(?<![{Certain}ÆØæø])(?:[\u00C2-\u00DF][{Certain}]|[à-ï][{Continuing}]{{2}}|[ðó][{Continuing}]{{3}})+")]
    public static partial Regex Sequence();

    [GeneratedRegex("[\u0080-\u009F]"
        + $"|[{Rare}{Marks}][{Rare}]|[{Rare}][{Marks}]|[a-zA-Z][Þα-ωа-џΑ-ΩЁ-Я][{Rare}]"
        // A capital or a symbol inside or behind a word.
        + $"|[{Lower}α-ωа-џ{Closing}{Currency}{Number}][{Upper}]|[{Closing}{Currency}{Number}][{Lower}]|[{Lower}{Closing}][{Currency}]|\\s[{Upper}][{Currency}]"
        + $"|[{Upper}][{Number}{Law}°]|[a-z][{Upper}][{Opening}{Currency}]|[{Lower}{Upper}][{Opening}{Closing}]\\w"
        // Quotes that open or close at the wrong place.
        + $"|[{Lower}{Upper}{Currency}{Closing}][{Opening}][{Number}]|[{Lower}{Upper}{Currency}{Number}{Law}][{Closing}][{Opening}]|[{Currency}{Number}][{Opening}]"
        + "|[Œœ][^A-Za-z]"
        // The first bytes of characters that are common in Latin, Greek, Cyrillic, Hebrew, Arabic and Indian scripts.
        + $"|[ÂÃÎÐ][€œŠš¢£Ÿž\u00A0\u00AD®©°·»{Opening}{Closing}–—´]|×[²³]|à[²µ¹¼½¾]|Ã[\u00A0¡]"
        + $"|(?:[ØÙ][{Ordinary}{Currency}{Rare}{Number}{Opening}ŸŠ®°µ»]){{2}}"
        // An à, or an Â before the character that it is a byte of.
        + $"|(?:[a-z]\\s?|^)[ÃÂ] |[a-z.,?!{Closing}]Â[ {Opening}{Closing}]")]
    private static partial Regex Sign();
}
