using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ClassMapTests
{
    [Fact]
    public void Known_classes_take_the_wanted_numbers_and_images_of_others_are_counted_and_left_out()
    {
        var matched = ClassMap.Match(new NamedSource(["bee", "cow", "yak"], [0, 2, 1, 2, 0]), ["ant", "bee", "cow"]);

        Described(matched).Should().Equal("bee of image 0", "cow of image 2", "bee of image 4");
        matched.ClassNames.Should().Equal("ant", "bee", "cow");
        Labels(matched).Should().Equal(1, 2, 1);
        matched.Warnings.Should().HaveCount(2);
        matched.Warnings[0].Should().Be("'named': 2 of 5 images are left out, because they are of 1 class not among the 3 known: yak (2).");
        matched.Warnings[1].Should().Be("'named': has no images of 1 of the 3 known classes: ant.");
    }

    [Fact]
    public void Nothing_is_matched_by_number_because_the_counts_agree()
    {
        var matched = ClassMap.Match(new NamedSource(["garbage truck", "parachute", "église"], [0, 1, 2]), ["garbage truck", "parachute", "church"]);

        Described(matched).Should().Equal("garbage truck of image 0", "parachute of image 1");
        matched.Warnings.Should().Contain(warning => warning.Contains("église (1)")).And.Contain(warning => warning.Contains("no images of 1 of the 3") && warning.Contains("church"));
        FluentActions.Invoking(() => ClassMap.Match(new NamedSource(["x", "y"], [0, 1]), ["ant", "bee"]))
            .Should().Throw<TweedieException>().WithMessage("'named': none of its classes (x, y) is among the 2 known ones (ant, bee)*");
    }

    [Theory]
    [InlineData("0", "2", "11")]
    [InlineData("00", "02", "11")]
    public void Whole_numbers_are_the_numbers_of_classes_whose_names_are_no_numbers(string first, string second, string third)
    {
        var wanted = Enumerable.Range(0, 12).Select(label => $"class {(char)('a' + label)}").ToList();
        var matched = ClassMap.Match(new NamedSource([first, third, second], [0, 1, 2]), wanted); // ordinal order: 0, 11, 2

        Labels(matched).Should().Equal(0, 11, 2);
        matched.Warnings[0].Should().Contain("whole numbers").And.Contain("11 is class l");
    }

    [Fact]
    public void Whole_numbers_that_are_not_all_class_numbers_are_names_like_any_other()
    {
        FluentActions.Invoking(() => ClassMap.Match(new NamedSource(["1", "2", "3"], [0, 1, 2]), ["ant", "bee", "cow"])).Should().Throw<TweedieException>();
        FluentActions.Invoking(() => ClassMap.Match(new NamedSource(["1", "01"], [0, 1]), ["ant", "bee", "cow"])).Should().Throw<TweedieException>();
        Labels(ClassMap.Match(new NamedSource(["2", "J"], [0, 1, 1]), ["J", "Q", "2", "A"])).Should().Equal([2, 0, 0], "these are cards");
        Labels(ClassMap.Match(new NamedSource(["2"], [0]), ["J", "Q", "2", "A"])).Should().Equal(2);
    }

    [Fact]
    public void Names_that_are_numbers_on_both_sides_are_compared_as_numbers() =>
        Labels(ClassMap.Match(new NamedSource(["00", "02", "10"], [0, 1, 2]), ["0", "10", "2", "5"])).Should().Equal(0, 2, 1);

    [Fact]
    public void Other_names_of_the_classes_are_known_too() =>
        Labels(ClassMap.Match(new NamedSource(["n02", "tench"], [0, 1]), ["n01", "n02"], ["tench", "springer"])).Should().Equal(1, 0);

    [Fact]
    public void A_source_with_the_wanted_classes_stays_as_it_is_and_images_without_a_label_stay_in()
    {
        var source = new NamedSource(["ant", "bee"], [0, -1, 1]);

        ClassMap.Match(source, ["ant", "bee"]).Should().BeSameAs(source);
        var matched = ClassMap.Match(source, ["bee", "ant"]);
        Enumerable.Range(0, 3).Select(matched.HasLabel).Should().Equal(true, false, true);
        FluentActions.Invoking(() => ClassMap.Match(new NamedSource(["ant"], [-1, -1]), ["bee"])).Should().Throw<TweedieException>().WithMessage("*none of its 2 images has a label.");
    }

    private static List<string> Described(IImageSource source) => [.. Enumerable.Range(0, source.Count).Select(index => $"{source.ClassNames[source.GetLabel(index)]} of {source.Describe(index)}")];

    private static IEnumerable<int> Labels(IImageSource source) => Enumerable.Range(0, source.Count).Select(source.GetLabel);

    /// <summary>Labels with names; -1 is none.</summary>
    private sealed class NamedSource(string[] names, int[] labels) : IImageSource
    {
        public string Name => "named";

        public int Count => labels.Length;

        public IReadOnlyList<string> ClassNames => names;

        public bool HasLabel(int index) => labels[index] >= 0;

        public int GetLabel(int index) => labels[index];

        public RasterImage Read(int index) => new(1, 1, 1, [(byte)index]);

        public string Describe(int index) => $"image {index}";
    }
}
