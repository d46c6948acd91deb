using Tweedie.Images;

namespace Tweedie.Tests.Data;

/// <summary>Data sets in unusual layouts and formats, which lie beside the repository.</summary>
public sealed class DataCaseTests
{
    private static readonly string[] _antBeeCow = ["ant", "bee", "cow"];

    [Theory]
    [InlineData("abx", "yak")]
    [InlineData("bcx", "yak")]
    [InlineData("ac", null)]
    public void Images_of_plain_colours_keep_the_number_of_their_class(string folder, string? unknown)
    {
        var source = ImageSources.Open(Shared.Path($"cases/01-val-one-unknown-class/{folder}"), DataSplit.Test, new() { ClassNames = _antBeeCow });

        source.Count.Should().BePositive();
        for (var index = 0; index < source.Count; index++)
            source.GetLabel(index).Should().Be(Brightest(source.Read(index)), "ant is red, bee green and cow blue");
        source.Warnings.Any(warning => warning.Contains("are left out")).Should().Be(unknown is not null);
        if (unknown is not null)
            source.Warnings[0].Should().Contain(unknown);
    }

    [Theory]
    [InlineData("v2")]
    [InlineData("v2padded")]
    public void Folders_of_class_numbers_keep_the_number_of_their_class(string folder)
    {
        var path = Shared.Path($"cases/38-numeric-folders/{folder}");
        var wanted = Enumerable.Range(0, 12).Select(label => $"class {(char)('a' + label)}").ToList();
        var source = ImageSources.Open(path, DataSplit.Test, new() { ClassNames = wanted });

        source.Count.Should().Be(Directory.GetFiles(path, "*", SearchOption.AllDirectories).Length);
        for (var index = 0; index < source.Count; index++)
            source.GetLabel(index).Should().Be(HueTwelfths(source.Read(index)), source.Describe(index));
        source.Warnings.Should().ContainSingle().Which.Should().Contain("whole numbers");
    }

    [Theory]
    [InlineData("mix")]
    [InlineData("ppm")]
    public void Netpbm_and_jfif_files_are_read(string folder)
    {
        var path = Shared.Path($"cases/06-ppm-jfif/{folder}");
        var source = ImageSources.Open(path, DataSplit.Train);

        source.Count.Should().Be(Directory.GetFiles(path, "*", SearchOption.AllDirectories).Length);
        Enumerable.Range(0, source.Count).Select(source.Read).Should().OnlyContain(image => image.Channels == 3);
        source.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData("14-coco-layouts/c2014")]
    [InlineData("15-coco-filenames/dotslash")]
    [InlineData("15-coco-filenames/sub")]
    public void Layouts_and_file_names_of_captioned_images_are_read(string folder)
    {
        var path = Shared.Path($"cases/{folder}");
        CaptionSources.Recognizes(path).Should().BeTrue();
        var source = CaptionSources.Open(path, DataSplit.Train);

        source.Count.Should().Be(Directory.GetFiles(path, "*.jpg", SearchOption.AllDirectories).Length);
        source.Warnings.Should().BeEmpty();
        for (var index = 0; index < source.Count; index++)
            source.Read(index).Channels.Should().Be(3);
    }

    [Theory]
    [InlineData("img")]
    [InlineData("labels")]
    [InlineData("fine")]
    [InlineData("hf")]
    [InlineData("conv")]
    [InlineData("plain")]
    public void Usual_columns_and_repositories_of_parquet_files_are_read(string folder)
    {
        var source = ImageSources.Open(Shared.Path($"cases/16-parquet-img-column/{folder}"), DataSplit.Train);

        source.ClassNames.Count.Should().BeGreaterThan(1);
        for (var index = 0; index < source.Count; index++)
            (source.HasLabel(index), source.Read(index).Channels).Should().Be((true, 3));
    }

    [Theory]
    [InlineData("train-00000-of-00001.parquet", "1 2 A B")]
    [InlineData("meta-00000-of-00001.parquet", "1 2 A")]
    [InlineData("cards", "10 2 3 4 5 6 7 8 9 A J K Q")]
    [InlineData("int.parquet", "5 3 1")]
    public void A_text_label_is_a_class_name(string path, string names)
    {
        var source = ImageSources.Open(Shared.Path($"cases/17-parquet-string-digit-labels/{path}"), DataSplit.Train);

        source.ClassNames.Should().Equal(names.Split(' '));
        Enumerable.Range(0, source.Count).Select(source.GetLabel).Distinct().Should().HaveCount(source.ClassNames.Count);
    }

    [Fact]
    public void A_row_that_only_names_a_file_says_so()
    {
        var source = ImageSources.Open(Shared.Path("cases/18-parquet-null-and-path/path.parquet"), DataSplit.Train);
        FluentActions.Invoking(() => source.Read(0)).Should().Throw<TweedieException>().WithMessage("*image.bytes is null or empty, and the row only names the file '*'*");
    }

    [Theory]
    [InlineData("tv", 10)]
    [InlineData("tv/MNIST", 10)]
    [InlineData("dot", 10)]
    [InlineData("renamed", 10)]
    [InlineData("emnist", 26)]
    public void Idx_files_are_read_wherever_they_lie_and_have_the_classes_that_occur(string folder, int classes)
    {
        var source = ImageSources.Open(Shared.Path($"cases/28-idx/{folder}"), DataSplit.Train);

        source.ClassNames.Should().HaveCount(classes);
        Enumerable.Range(0, source.Count).Select(source.GetLabel).Distinct().Should().HaveCount(classes);
    }

    [Theory]
    [InlineData("html", "*web page*")]
    [InlineData("gzgz", "*gzipped twice*")]
    [InlineData("cifarpy", "*Python version of CIFAR-10*")]
    public void Other_files_under_the_names_of_data_are_named_as_what_they_are(string folder, string message) =>
        FluentActions.Invoking(() => ImageSources.Open(Shared.Path($"cases/28-idx/{folder}"), DataSplit.Train)).Should().Throw<TweedieException>().WithMessage(message)
            .Which.Message.Should().NotContain("\n");

    [Theory]
    [InlineData("kaggle")]
    [InlineData("caps")]
    [InlineData("valid")]
    [InlineData("validation")]
    public void Splits_are_never_classes(string folder)
    {
        var path = Shared.Path($"cases/33-capital-splits/{folder}");
        var (train, test) = (ImageSources.Open(path, DataSplit.Train), ImageSources.Open(path, DataSplit.Test));

        train.ClassNames.Should().Equal(_antBeeCow);
        test.ClassNames.Should().Equal(_antBeeCow);
        (train.Count + test.Count).Should().Be(Directory.GetFiles(path, "*.png", SearchOption.AllDirectories).Length);
    }

    private static int Brightest(RasterImage image)
    {
        var pixel = image.Pixels[..3].ToArray();
        return Array.IndexOf(pixel, pixel.Max());
    }

    private static int HueTwelfths(RasterImage image)
    {
        var (red, green, blue) = ((double)image.Pixels[0], (double)image.Pixels[1], (double)image.Pixels[2]);
        var (largest, range) = (Math.Max(red, Math.Max(green, blue)), Math.Max(red, Math.Max(green, blue)) - Math.Min(red, Math.Min(green, blue)));
        var sixths = largest == red ? (green - blue) / range : largest == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
        return ((int)Math.Round(2 * sixths) + 12) % 12;
    }
}
