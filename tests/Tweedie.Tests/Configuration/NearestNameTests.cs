using Tweedie.Configuration;

namespace Tweedie.Tests.Configuration;

public sealed class NearestNameTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("epoch", "epochs", 1)]
    public void Distance_counts_the_fewest_edits(string a, string b, int edits)
    {
        NearestName.Distance(a, b).Should().Be(edits);
        NearestName.Distance(b, a).Should().Be(edits);
    }

    [Fact]
    public void The_nearest_name_is_found_unless_all_are_far()
    {
        NearestName.Find("Batchsize", ["epochs", "batchSize"]).Should().Be("batchSize");
        NearestName.Find("zzzz", ["epochs", "batchSize"]).Should().BeNull();
        NearestName.Find("zzzz", []).Should().BeNull();
    }
}
