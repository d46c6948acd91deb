using Tweedie.Metrics;

namespace Tweedie.Tests.Metrics;

public sealed class GenerationScoresTests
{
    private static readonly NGramReference Reference = new([["a", "dog", "runs"], ["a", "dog", "sleeps", "now"]]);

    private static string[][] Sequences(params string[] lines) => [.. lines.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];

    [Fact]
    public void Overlap_counts_each_occurrence_of_each_n_gram()
    {
        var scores = GenerationScores.Of(Sequences("a dog runs", "a cat runs", "dog a"), Reference);

        // 1-grams: all but "cat". 2-grams: "a dog", "dog runs" of five. 3-grams: one of two.
        scores.Overlap.Should().Equal(7 / 8.0, 2 / 5.0, 1 / 2.0);
    }

    [Fact]
    public void Variety_is_that_of_bigrams_sequences_and_symbols()
    {
        var scores = GenerationScores.Of(Sequences("a b", "a b", "b a", "a a"), Reference);

        scores.Distinct2.Should().Be(3 / 4.0);
        scores.Different.Should().Be(3 / 4.0);
        scores.Entropy.Should().BeApproximately(-(5 / 8.0 * Math.Log(5 / 8.0) + 3 / 8.0 * Math.Log(3 / 8.0)), 1e-12);
    }

    [Fact]
    public void Nothing_scores_nothing()
    {
        GenerationScores.Of([], Reference).Should().BeEquivalentTo(new { Overlap = new[] { 0.0, 0, 0 }, Distinct2 = 0.0, Different = 0.0, Entropy = 0.0 });
        GenerationScores.Of(Sequences("", ""), Reference).Overlap.Should().OnlyContain(share => share == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(NGramReference.MaximumOrder + 1)]
    public void Other_lengths_are_refused(int n) =>
        FluentActions.Invoking(() => Reference.Overlap([["a"]], n)).Should().Throw<ArgumentOutOfRangeException>();
}
