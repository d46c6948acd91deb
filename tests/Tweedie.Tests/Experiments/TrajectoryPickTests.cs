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
            [2, 1, 0], // as many, but later
            [0, 0, 0],
        ];

        TrajectoryCell.Pick(choices, [0, 0, 0, 0, 0, 0]).Should().Equal(
            (TrajectoryKind.Corrected, 1), (TrajectoryKind.Stable, 2), (TrajectoryKind.Contested, 3));
    }

    [Fact]
    public void A_kind_that_nothing_fits_is_left_out() =>
        TrajectoryCell.Pick([[1, 1], [1, 1]], [0, 0]).Should().BeEmpty();
}
