using Tweedie.Experiments.Cells;

namespace Tweedie.Tests.Experiments;

public sealed class TrajectoryPickTests
{
    [Fact]
    public void The_first_that_fits_each_rule_is_picked_once()
    {
        long[][] choices =
        [
            [1, 1, 1], // wrong all the way
            [1, 0, 0], // corrected
            [0, 0, 0], // stable
            [0, 1, 0], // contested: two changes
            [2, 1, 0], // two changes as well, but later
            [0, 0, 0],
        ];

        TrajectoryCell.Pick(choices, [0, 0, 0, 0, 0, 0]).Should().Equal(
            (TrajectoryKind.Corrected, 1), (TrajectoryKind.Stable, 2), (TrajectoryKind.Contested, 3));
    }

    [Fact]
    public void A_kind_that_nothing_fits_is_left_out() =>
        TrajectoryCell.Pick([[1, 1], [1, 1]], [0, 0]).Should().BeEmpty();

    [Fact]
    public void Of_the_tokens_of_final_sentences_one_of_each_kind_is_picked()
    {
        const int end = 0;
        long[][][] steps = // step, item, position
        [
            [[1, 2, 3, 9], [4, 9, 9, 9]],
            [[5, 2, 1, 9], [4, 8, 9, 9]],
            [[5, 2, 3, 8], [4, 7, 9, 9]],
            [[5, 2, 1, end], [4, 8, end, 9]], // item 0 says 5 2 1, item 1 says 4 8; what stands after the end is ignored
        ];

        CaptionTraceCell.Pick(steps, end).Should().Equal(
            (TrajectoryKind.Corrected, 0, 0), (TrajectoryKind.Stable, 0, 1), (TrajectoryKind.Contested, 0, 2));
    }
}
