using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ImageSplitsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_holdout_and_limit_the_data_is_taken_as_it_is()
    {
        var splits = ImageSplits.Open(new DataOptions { Train = "shapes:count=100,test=30,size=16" }, seed: 1);

        splits.Train.Count.Should().Be(100);
        splits.Held.Should().BeNull();
        splits.Test!.Count.Should().Be(30);
    }

    [Fact]
    public void The_held_out_part_does_not_change_with_the_limit()
    {
        var options = new DataOptions { Train = "shapes:count=100,test=30,size=16", Holdout = 20 };
        var all = ImageSplits.Open(options, seed: 1);
        var few = ImageSplits.Open(options with { Limit = 30 }, seed: 1);

        ((SubsetSource)few.Held!).Indices.Should().Equal(((SubsetSource)all.Held!).Indices);
        all.Train.Count.Should().Be(80);
        Enumerable.Range(0, few.Train.Count).CountBy(few.Train.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 3);
        Enumerable.Range(0, few.Train.Count).Select(few.Train.Describe)
            .Should().BeSubsetOf(Enumerable.Range(0, 80).Select(all.Train.Describe));
    }

    [Fact]
    public void Class_folders_alone_give_no_test_images()
    {
        _folder.Write("ant/1.png", Encoded.Image(Encoded.Pattern(4, 4, 3), ".png"));
        ImageSplits.Open(new DataOptions { Train = _folder.Path }, seed: 1).Test.Should().BeNull();
    }

    [Fact]
    public void A_test_set_of_its_own_takes_the_training_classes()
    {
        foreach (var name in new[] { "train/ant/1.png", "train/bee/1.png", "other/bee/1.png", "wrong/cat/1.png" })
            _folder.Write(name, Encoded.Image(Encoded.Pattern(4, 4, 3), ".png"));
        var options = new DataOptions { Train = Path.Combine(_folder.Path, "train"), Test = Path.Combine(_folder.Path, "other") };

        ImageSplits.Open(options, seed: 1).Test!.GetLabel(0).Should().Be(1);
        FluentActions.Invoking(() => ImageSplits.Open(options with { Test = Path.Combine(_folder.Path, "wrong") }, seed: 1))
            .Should().Throw<TweedieException>().WithMessage("*wrong': none of its classes (cat) is among the 2 known ones (ant, bee)*");
    }
}
