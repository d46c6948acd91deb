using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ImageFolderSourceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Classes_and_files_are_in_ordinal_order()
    {
        foreach (var name in new[] { "b/2.png", "b/10.png", "a/x.png", "B/y.png" })
            WriteImage(name);
        var source = new ImageFolderSource(_folder.Path);

        source.ClassNames.Should().Equal("B", "a", "b");
        Enumerable.Range(0, source.Count).Select(index => Path.GetRelativePath(_folder.Path, source.Describe(index)).Replace('\\', '/'))
            .Should().Equal("B/y.png", "a/x.png", "b/10.png", "b/2.png");
        Enumerable.Range(0, source.Count).Select(source.GetLabel).Should().Equal(0, 1, 2, 2);
    }

    [Fact]
    public void Other_and_hidden_files_are_passed_over()
    {
        foreach (var name in new[] { "a/1.PNG", "a/deeper/2.png", ".hidden/3.png" })
            WriteImage(name);
        _folder.Write("a/notes.txt", 1);
        _folder.Write("a/._1.png", 1);
        _folder.Write("classes.txt", 1);

        new ImageFolderSource(_folder.Path).Count.Should().Be(2);
    }

    [Fact]
    public void Links_to_files_and_class_folders_are_followed_and_those_in_circles_are_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using var elsewhere = new TemporaryFolder();
        var file = elsewhere.Write("c/2.png", Encoded.Image(Encoded.Pattern(6, 5, 3), ".png"));
        WriteImage("a/1.png");
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "2.png"), file);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "a", "circle"), _folder.Path);
        Directory.CreateSymbolicLink(Path.Combine(_folder.Path, "b"), Path.Combine(elsewhere.Path, "c"));

        var source = new ImageFolderSource(_folder.Path);

        Enumerable.Range(0, source.Count).Select(index => Path.GetRelativePath(_folder.Path, source.Describe(index)))
            .Should().Equal("a/1.png", "a/2.png", "b/2.png");
        source.Read(1).Shape.Should().Be(new ImageShape(3, 5, 6));
    }

    [Fact]
    public void Images_decode_to_the_channels_asked_for()
    {
        WriteImage("a/1.png");
        new ImageFolderSource(_folder.Path).Read(0).Shape.Should().Be(new ImageShape(3, 5, 6));
        new ImageFolderSource(_folder.Path, channels: 1).Read(0).Shape.Should().Be(new ImageShape(1, 5, 6));
    }

    [Fact]
    public void A_folder_without_class_folders_is_an_error()
    {
        WriteImage("1.png");
        FluentActions.Invoking(() => new ImageFolderSource(_folder.Path))
            .Should().Throw<TweedieException>().WithMessage("*holds no class folders*");
    }

    [Fact]
    public void A_class_folder_without_images_is_named()
    {
        WriteImage("a/1.png");
        _folder.Write("b/notes.txt", 1);
        FluentActions.Invoking(() => new ImageFolderSource(_folder.Path))
            .Should().Throw<TweedieException>().WithMessage($"*'{Path.Combine(_folder.Path, "b")}' holds no images*");
    }

    [Fact]
    public void A_bad_image_is_named_when_it_is_read()
    {
        WriteImage("a/1.png");
        var path = _folder.Write("a/2.jpg", "not a picture"u8);
        var source = new ImageFolderSource(_folder.Path);

        FluentActions.Invoking(() => source.Read(1))
            .Should().Throw<TweedieException>().WithMessage($"'{path}' cannot be read as an image: *");
    }

    [Fact]
    public void Imagenette_is_read_in_colour()
    {
        var folder = Shared.Path("data/imagenette-224");
        var train = ImageSources.Open(folder, DataSplit.Train);
        var test = ImageSources.Open(folder, DataSplit.Test);

        Enumerable.Range(0, train.Count).CountBy(train.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 150);
        Enumerable.Range(0, test.Count).CountBy(test.GetLabel).Should().HaveCount(10).And.OnlyContain(pair => pair.Value == 40);
        train.ClassNames.Should().Equal(File.ReadLines(Path.Combine(folder, "classes.txt")).Select(line => line.Split(' ')[0]));
        // Reads every file of a part that holds grey JPEGs too.
        Enumerable.Range(0, test.Count).Select(index => test.Read(index).Shape).Distinct().Should().Equal(new ImageShape(3, 224, 224));
    }

    private void WriteImage(string name) => _folder.Write(name, Encoded.Image(Encoded.Pattern(6, 5, 3), ".png"));
}
