namespace Tweedie.Tests;

public sealed class SeedsTests
{
    [Fact]
    public void Seeds_depend_on_every_coordinate_and_on_nothing_else()
    {
        var seed = Seeds.Derive(1, SeedPurpose.Augment, 3, 14);

        Seeds.Derive(1, SeedPurpose.Augment, 3, 14).Should().Be(seed);
        Seeds.Derive(2, SeedPurpose.Augment, 3, 14).Should().NotBe(seed);
        Seeds.Derive(1, SeedPurpose.Shuffle, 3, 14).Should().NotBe(seed);
        Seeds.Derive(1, SeedPurpose.Augment, 14, 3).Should().NotBe(seed);
        Seeds.Derive(1, SeedPurpose.Augment, 3).Should().NotBe(seed);
    }

    [Fact]
    public void Seeds_of_neighbouring_samples_do_not_collide() =>
        Enumerable.Range(0, 100_000).Select(i => Seeds.Derive(0, SeedPurpose.Augment, 0, i)).Distinct().Should().HaveCount(100_000);
}
