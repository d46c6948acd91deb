using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

public sealed class TokenGapsTests
{
    private readonly MarkovRows _rows = new(count: 3, states: 4, length: 7);

    [Theory]
    [InlineData(1, "kkk.kkk")]
    [InlineData(2, "kkk..kk")]
    [InlineData(6, "k......")]
    public void All_tokens_are_known_but_a_gap_in_the_middle(int gap, string expected)
    {
        var gaps = _rows.WithGap(gap);
        var (row, plain, known) = (new long[7], new long[7], new bool[7]);

        gaps.Read(0, 1, row, known);
        _rows.Read(0, 1, plain, new bool[7]);

        row.Should().Equal(plain);
        string.Concat(known.Select(one => one ? 'k' : '.')).Should().Be(expected);
        (gaps.HasKnown, gaps.Count, gaps.Name).Should().Be((true, 3, _rows.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void A_gap_of_nothing_or_of_everything_is_refused(int gap) =>
        FluentActions.Invoking(() => _rows.WithGap(gap)).Should().Throw<ArgumentOutOfRangeException>();
}
