namespace Extending;

/// <summary>
/// The tokens and the pictures of numbers. A number is a row of three tokens, hundreds first; a place without a digit holds <see cref="Blank"/>.
/// </summary>
public static class SevenSegments
{
    /// <summary>N, the tokens of a number.</summary>
    public const int Places = 3;

    /// <summary>The token of an empty place.</summary>
    public const long Blank = 10;

    /// <summary>K: ten digits and the blank.</summary>
    public const int Entries = 11;

    private const int Width = 5; // of a digit, in pixels; the height is 9

    // The segments of each digit, one bit each: top, upper right, lower right, bottom, lower left, upper left, middle.
    private static readonly int[] Lit = [0x3F, 0x06, 0x5B, 0x4F, 0x66, 0x6D, 0x7D, 0x07, 0x7F, 0x6F, 0];

    private static readonly (int Left, int Top, bool IsUpright)[] Segments =
        [(0, 0, false), (4, 0, true), (4, 4, true), (0, 8, false), (0, 4, true), (0, 0, true), (0, 4, false)];

    /// <summary>The tokens of a number, 0 to 999.</summary>
    public static long[] Row(int number) =>
        [number < 100 ? Blank : number / 100, number < 10 ? Blank : number / 10 % 10, number % 10];

    /// <summary>The number that a row of tokens means; null where it means none, for instance with a blank behind a digit.</summary>
    public static int? Number(IReadOnlyList<long> row)
    {
        var digits = row.SkipWhile(token => token == Blank).ToList();
        return digits.Count == 0 || digits.Contains(Blank) ? null : digits.Aggregate(0, (number, digit) => 10 * number + (int)digit);
    }

    /// <summary>The lit pixels of a token.</summary>
    public static IEnumerable<(int X, int Y)> Dots(long token) =>
        from segment in Enumerable.Range(0, Segments.Length)
        where (Lit[token] >> segment & 1) != 0
        from along in Enumerable.Range(0, Width)
        select (Segments[segment].Left + (Segments[segment].IsUpright ? 0 : along), Segments[segment].Top + (Segments[segment].IsUpright ? along : 0));
}
