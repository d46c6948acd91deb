using Tweedie.Cli.Output;

namespace Tweedie.Tests.Cli;

public sealed class LiveLineTests
{
    private static readonly SortedDictionary<string, string> Two = new() { ["linear"] = "epoch 3/12  step 90/372  loss 1.2345", ["tdd"] = "epoch 2/12  step 50/372  loss 1.0123  lr 0.01" };

    [Fact]
    public void A_wide_line_shows_all_workers_side_by_side() => LiveLine.Compose(Two, "tdd", 200).Should()
        .Be("[linear] epoch 3/12  step 90/372  loss 1.2345  [tdd] epoch 2/12  step 50/372  loss 1.0123  lr 0.01");

    [Theory]
    [InlineData(63)]
    [InlineData(80)]
    public void A_narrow_line_cuts_all_of_them_alike_and_does_not_wrap(int width)
    {
        var line = LiveLine.Compose(Two, "tdd", width);

        line.Length.Should().BeInRange(width - 6, width - 1);
        line.Should().MatchRegex(@"^\[linear\] epoch 3/12  step.*…  \[tdd\] epoch 2/12  step.*…$");
    }

    [Fact]
    public void A_line_too_narrow_for_all_shows_the_newest() => LiveLine.Compose(Two, "tdd", 62).Should().Be("[tdd] " + Two["tdd"]);
}
