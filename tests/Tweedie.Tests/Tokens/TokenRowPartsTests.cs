using CsCheck;
using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>Rows are divided by position, and visited once per epoch in an order that the seed and the epoch decide.</summary>
public sealed class TokenRowPartsTests
{
    [Fact]
    public void A_random_permutation_has_each_element_once() =>
        Gen.Select(Gen.Int[1, 3000], Gen.Long).Sample((count, seed) =>
            Enumerable.Range(0, count).Select(index => RandomPermutation.Of(index, count, seed)).Order().Should().Equal(Enumerable.Range(0, count)), iter: 30);

    [Fact]
    public void Every_order_of_few_elements_is_about_equally_likely()
    {
        var counts = Enumerable.Range(0, 24_000)
            .Select(seed => string.Concat(Enumerable.Range(0, 4).Select(index => RandomPermutation.Of(index, 4, Seeds.Derive(9, SeedPurpose.Shuffle, seed)))))
            .CountBy(order => order).ToDictionary();

        counts.Should().HaveCount(24);
        counts.Values.Should().OnlyContain(count => count > 600 && count < 1500);
    }

    [Fact]
    public void Shuffled_rows_are_the_rows_in_another_order_in_each_epoch()
    {
        var rows = new MarkovRows(50, length: 8);
        var shuffled = rows.Shuffled(seed: 3);

        (shuffled.Name, shuffled.Length, shuffled.VocabularySize, shuffled.HasKnown).Should().Be((rows.Name, rows.Length, rows.VocabularySize, rows.HasKnown));
        Texts(shuffled, 0).Should().BeEquivalentTo(Texts(rows, 0)).And.NotEqual(Texts(rows, 0)).And.NotEqual(Texts(shuffled, 1));
        Texts(shuffled, 1).Should().Equal(Texts(rows.Shuffled(seed: 3), 1));
        Texts(shuffled, 1).Should().NotEqual(Texts(rows.Shuffled(seed: 4), 1));
    }

    [Fact]
    public void The_last_rows_are_held_out()
    {
        var rows = new MarkovRows(10, length: 8);
        var (train, held) = rows.HoldOut(0.25);

        (train.Count, held.Count).Should().Be((7, 3));
        Texts(train, 0).Concat(Texts(held, 0)).Should().Equal(Texts(rows, 0));
        var beyond = () => train.Read(0, 7, new long[8], new bool[8]);
        var none = () => rows.HoldOut(0.99);
        beyond.Should().Throw<ArgumentOutOfRangeException>();
        none.Should().Throw<TweedieException>().WithMessage("markov: has 10 rows, so that a share of 0.99 held out leaves one part empty; give more rows or another share.");
    }

    private static string[] Texts(ITokenRowSource rows, long epoch) => [.. Enumerable.Range(0, rows.Count).Select(index =>
    {
        var row = new long[rows.Length];
        rows.Read(epoch, index, row, new bool[rows.Length]);
        return string.Join(' ', row);
    })];
}
