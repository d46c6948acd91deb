using System.Diagnostics;
using Tweedie.Storage;

namespace Tweedie.Tests.Formats;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_created_and_replaced_as_a_whole()
    {
        var path = _folder.File("a.bin");

        AtomicFile.Write(path, stream => stream.Write("a long text"u8));
        AtomicFile.Write(path, stream => stream.Write("short"u8));

        File.ReadAllText(path).Should().Be("short");
        _folder.FileNames.Should().Equal("a.bin");
    }

    [Fact]
    public void Text_is_written_as_utf8_without_a_mark()
    {
        var path = _folder.File("a.txt");

        AtomicFile.WriteText(path, "é\n");

        File.ReadAllBytes(path).Should().Equal(0xC3, 0xA9, (byte)'\n');
    }

    [Fact]
    public void A_path_relative_to_the_working_folder_is_written()
    {
        var path = Path.GetRandomFileName();

        AtomicFile.Write(path, stream => stream.WriteByte(1));

        File.Exists(path).Should().BeTrue();
        File.Delete(path);
    }

    [Fact]
    public void An_error_while_writing_passes_through_and_leaves_the_old_file()
    {
        var path = _folder.File("a.bin");
        File.WriteAllText(path, "old");

        var write = () => AtomicFile.Write(path, stream =>
        {
            stream.Write("new"u8);
            throw new OperationCanceledException();
        });

        write.Should().Throw<OperationCanceledException>();
        File.ReadAllText(path).Should().Be("old");
        _folder.FileNames.Should().Equal("a.bin");
    }

    [Theory]
    [InlineData(nameof(IFileOperations.Create))]
    [InlineData(nameof(IFileOperations.Flush))]
    [InlineData(nameof(IFileOperations.Replace))]
    public void A_full_disk_is_reported_and_leaves_the_old_file(string failing)
    {
        var path = _folder.File("a.bin");
        File.WriteAllText(path, "old");

        var write = () => AtomicFile.Write(path, stream => stream.Write("new"u8), FaultyOperations.Named(failing));

        write.Should().Throw<TweedieException>().WithMessage($"{path}: cannot be written: No space left on device");
        File.ReadAllText(path).Should().Be("old");
        _folder.FileNames.Should().Equal("a.bin");
    }

    [Fact]
    public void A_link_stays_and_the_file_that_it_leads_to_is_written()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var (folder, link, chain) = (Directory.CreateDirectory(_folder.File("sub")).FullName, _folder.File("link"), _folder.File("chain"));
        File.CreateSymbolicLink(link, Path.Combine("sub", "a.txt")); // to a file that is not there yet
        File.CreateSymbolicLink(chain, link);

        foreach (var text in new[] { "first", "second" })
        {
            AtomicFile.WriteText(chain, text);

            File.ReadAllText(Path.Combine(folder, "a.txt")).Should().Be(text);
            Directory.GetFiles(folder).Should().ContainSingle();
            (new FileInfo(link).LinkTarget, new FileInfo(chain).LinkTarget).Should().Be((Path.Combine("sub", "a.txt"), link));
        }
    }

    [Fact]
    public void A_link_in_a_circle_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var path = _folder.File("circle");
        File.CreateSymbolicLink(path, path);

        var write = () => AtomicFile.WriteText(path, "text");

        write.Should().Throw<TweedieException>().WithMessage($"{path}: cannot be written: *").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void A_pipe_is_written_to_and_stays_a_pipe()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "pipes are known on Linux only");
        var pipe = _folder.File("pipe");
        using (var make = Process.Start("mkfifo", [pipe])!)
            make.WaitForExit();
        using var reader = Process.Start(new ProcessStartInfo("timeout", ["20", "cat", pipe]) { RedirectStandardOutput = true })!;

        AtomicFile.WriteText(pipe, "through");

        reader.StandardOutput.ReadToEnd().Should().Be("through");
        SpecialFile.Is(pipe).Should().BeTrue();
        SpecialFile.Is(_folder.Path).Should().BeFalse();
        _folder.FileNames.Should().Equal("pipe");
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var path = Path.Combine(_folder.Path, "missing", "a.bin");

        var write = () => AtomicFile.Write(path, _ => { });

        write.Should().Throw<TweedieException>()
            .WithMessage($"{path}: cannot be written: the folder {_folder.File("missing")} does not exist");
    }

    [Fact]
    public void A_folder_in_the_place_of_the_file_is_named()
    {
        var path = Directory.CreateDirectory(_folder.File("sub")).FullName;

        var write = () => AtomicFile.Write(path, _ => { });

        write.Should().Throw<TweedieException>().WithMessage($"{path}: cannot be written: *");
        _folder.FileNames.Should().BeEmpty();
    }
}
