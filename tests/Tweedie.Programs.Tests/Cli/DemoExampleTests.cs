using Tweedie.Cli.Commands;

namespace Tweedie.Tests.Cli;

public sealed class DemoExampleTests
{
    [Fact]
    public void The_first_label_that_changes_and_ends_right_is_picked() => DemoExample.PickLabel(
        [[1, 1, 1], [1, 2, 1], [0, 2, 2], [0, 1, 2]], labels: [1, 2, 2, 2], movements: [9, 1, 1, 1])
        .Should().Be(new DemoExample(2, "Of the first 4 test images, this is the first whose label changes on the way and ends right."));

    [Fact]
    public void Else_the_first_that_changes_and_else_the_one_whose_distribution_moves_most()
    {
        DemoExample.PickLabel([[1, 1], [1, 2], [2, 1]], [1, 1, 2], [9, 1, 2]).Index.Should().Be(1);
        DemoExample.PickLabel([[1, 1], [2, 2], [2, 2]], [1, 1, 2], [0.1, 0.3, 0.2])
            .Should().Be(new DemoExample(1, "Of the first 3 test images, this is the one whose distribution moves most; no label changes on the way."));
    }

    [Fact]
    public void The_scene_whose_words_change_most_often_is_picked_among_those_with_a_right_caption()
    {
        DemoExample.PickScene([false, true, true, true], [9, 1, 5, 5])
            .Should().Be(new DemoExample(2, "Of the first 4 test scenes, 3 get a right caption; of these, this is the one whose words change most often."));
        DemoExample.PickScene([false, false], [1, 2]).Should().Be(new DemoExample(0, "None of the first 2 test scenes gets a right caption; this is the first scene."));
    }
}
