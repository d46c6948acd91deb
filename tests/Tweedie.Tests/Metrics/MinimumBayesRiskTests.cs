using Tweedie.Metrics;

namespace Tweedie.Tests.Metrics;

public sealed class MinimumBayesRiskTests
{
    private static string[] Words(string sentence) => sentence.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public void The_sentence_that_shares_most_with_the_others_is_chosen()
    {
        string[][] candidates = [Words("a cat sits on a wall"), Words("a dog runs on grass"), Words("a brown dog runs on grass"), Words("a dog runs on green grass")];

        MinimumBayesRisk.Choose(candidates).Should().Be(1);
    }

    [Fact]
    public void The_overlap_is_the_f1_score_of_all_runs_of_up_to_four_words()
    {
        // "a dog runs" has 3 + 2 + 1 runs and "a dog sleeps" too; they share "a", "dog" and "a dog".
        MinimumBayesRisk.Overlap(Words("a dog runs"), Words("a dog sleeps")).Should().BeApproximately(2.0 * 3 / 12, 1e-12);
        MinimumBayesRisk.Overlap(Words("a dog runs"), Words("a dog runs")).Should().Be(1);
        MinimumBayesRisk.Overlap(Words("a a a"), Words("a")).Should().BeApproximately(2.0 * 1 / 7, 1e-12, "a word counts as often as it occurs in both");
        MinimumBayesRisk.Overlap([], []).Should().Be(1);
        MinimumBayesRisk.Overlap([], Words("a dog")).Should().Be(0);
    }

    [Fact]
    public void Of_equal_ones_the_first_is_chosen_and_there_must_be_one()
    {
        MinimumBayesRisk.Choose([Words("a dog"), Words("a cat")]).Should().Be(0);
        MinimumBayesRisk.Choose([Words("alone")]).Should().Be(0);
        FluentActions.Invoking(() => MinimumBayesRisk.Choose([])).Should().Throw<ArgumentException>();
    }
}
