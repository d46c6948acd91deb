using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class CifarSourceTests : IDisposable
{
    private const int Plane = 1024;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Records_of_several_files_follow_each_other()
    {
        var first = _folder.Write("data_batch_1.bin", [.. Record(3), .. Record(5)]);
        var second = _folder.Write("data_batch_2.bin", Record(9));
        var source = CifarSource.OpenCifar10([first, second]);

        source.Count.Should().Be(3);
        Enumerable.Range(0, 3).Select(source.GetLabel).Should().Equal(3, 5, 9);
        source.Describe(2).Should().Be($"record 0 of {second}");
        source.ClassNames.Should().Equal("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    [Fact]
    public void Planes_become_interleaved_pixels()
    {
        var source = CifarSource.OpenCifar10([_folder.Write("data_batch_1.bin", Record(0))]);
        var image = source.Read(0);

        image.Shape.Should().Be(new ImageShape(3, 32, 32));
        var planes = Record(0).AsSpan(1).ToArray();
        for (var i = 0; i < Plane; i++)
            image.Pixels[(3 * i)..(3 * i + 3)].ToArray().Should().Equal(planes[i], planes[Plane + i], planes[2 * Plane + i]);
    }

    [Fact]
    public void Class_names_come_from_the_file_beside_the_data()
    {
        _folder.Write("batches.meta.txt", "airplane\nautomobile\nbird\ncat\ndeer\ndog\nfrog\nhorse\nship\ntruck\n\n"u8);
        CifarSource.OpenCifar10([_folder.Write("test_batch.bin", Record(0))]).ClassNames
            .Should().HaveCount(10).And.HaveElementAt(9, "truck");
    }

    [Fact]
    public void A_names_file_with_another_number_of_lines_is_an_error()
    {
        _folder.Write("batches.meta.txt", "airplane\nautomobile\n"u8);
        FluentActions.Invoking(() => CifarSource.OpenCifar10([_folder.Write("test_batch.bin", Record(0))]))
            .Should().Throw<TweedieException>().WithMessage("*batches.meta.txt' has 2 class names, expected 10*");
    }

    [Fact]
    public void Cifar_100_has_a_coarse_and_a_fine_label_and_takes_the_fine_one()
    {
        var source = CifarSource.OpenCifar100([_folder.Write("train.bin", [7, .. Record(42), 19, .. Record(99)])]);

        source.Count.Should().Be(2);
        source.ClassNames.Should().HaveCount(100);
        (source.GetLabel(0), source.GetLabel(1)).Should().Be((42, 99));
        source.Read(1).Pixels[0].Should().Be(Record(99)[1]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3072)]
    [InlineData(3074)]
    public void A_file_that_is_no_whole_number_of_records_is_an_error(int length) =>
        FluentActions.Invoking(() => CifarSource.OpenCifar10([_folder.Write("data_batch_1.bin", new byte[length])]))
            .Should().Throw<TweedieException>()
            .WithMessage($"*data_batch_1.bin' has {length} bytes, not a whole number of 3073-byte CIFAR-10 records*");

    [Fact]
    public void A_label_that_is_no_class_is_named_with_its_record() =>
        FluentActions.Invoking(() => CifarSource.OpenCifar10([_folder.Write("data_batch_1.bin", [.. Record(1), .. Record(10)])]))
            .Should().Throw<TweedieException>().WithMessage("*has label 10 in record 1 of *data_batch_1.bin, but there are 10 classes*");

    [Fact]
    public void A_missing_file_is_named() =>
        FluentActions.Invoking(() => CifarSource.OpenCifar10([Path.Combine(_folder.Path, "data_batch_1.bin")]))
            .Should().Throw<TweedieException>().WithMessage("*data_batch_1.bin' cannot be read*");

    [Fact]
    public void Real_cifar_10_is_balanced_and_named()
    {
        var folder = Shared.Path("data/cifar10");
        var train = ImageSources.Open(folder, DataSplit.Train);
        var test = ImageSources.Open(folder, DataSplit.Test);

        train.ClassNames.Should().Equal("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");
        Enumerable.Range(0, train.Count).CountBy(train.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 1000);
        Enumerable.Range(0, test.Count).CountBy(test.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 200);
        // Red, green and blue of all CIFAR-10 training images average 0.491, 0.482 and 0.447; this file has a fifth of them.
        var means = Enumerable.Range(0, 3).Select(channel => Enumerable.Range(0, train.Count)
            .Average(index => train.Read(index).Pixels.ToArray().Where((_, i) => i % 3 == channel).Average(value => value / 255.0))).ToArray();
        means[0].Should().BeApproximately(0.491, 0.01);
        means[1].Should().BeApproximately(0.482, 0.01);
        means[2].Should().BeApproximately(0.447, 0.01);
    }

    private static byte[] Record(byte label) => [label, .. Encoded.Ramp(3 * Plane, start: label)];
}
