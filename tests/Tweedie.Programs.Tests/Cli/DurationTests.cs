using Tweedie.Cli;

namespace Tweedie.Tests.Cli;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1800)]
    [InlineData("1h30m", 5400)]
    [InlineData("1d12h", 129_600)]
    [InlineData("40d", 3_456_000)]
    public void Durations_are_sums_of_days_hours_minutes_and_seconds(string text, double seconds) =>
        Duration.Parse(text)!.Value.TotalSeconds.Should().Be(seconds);

    [Theory]
    [InlineData(""), InlineData("0s"), InlineData("5"), InlineData("m"), InlineData("-5m"), InlineData("1.5h"), InlineData("30m1h"), InlineData("41d"), InlineData("99999999999999999999d")]
    public void Anything_else_is_none(string text) => Duration.Parse(text).Should().BeNull();
}
