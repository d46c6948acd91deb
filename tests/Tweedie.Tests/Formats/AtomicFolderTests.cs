using Tweedie.Storage;

namespace Tweedie.Tests.Formats;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Target => _folder.File("model");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_replaced_and_those_that_the_new_folder_lacks_are_deleted()
    {
        Write("1", "a", "b", "old");
        Write("2", "a", "b", "new");

        Names().Should().Equal("a", "b", "new");
        Names().Select(name => File.ReadAllText(Path.Combine(Target, name))).Should().OnlyContain(text => text == "2");
        Directory.GetFileSystemEntries(_folder.Path).Should().ContainSingle("nothing is left aside");
    }

    [Fact]
    public void A_new_folder_is_whole_or_absent_whatever_fails() => FailEach(() => { }, () => Directory.Exists(Target) ? Names() : []);

    [Fact]
    public void An_old_folder_keeps_whole_files_whatever_fails() => FailEach(() => Write("1", "a", "b"), Names, "1");

    [Fact]
    public void What_the_writer_throws_comes_out_and_the_old_folder_stays()
    {
        Write("1", "a");

        FluentActions.Invoking(() => AtomicFolder.Write(Target, _ => throw new TweedieException("no"))).Should().Throw<TweedieException>().WithMessage("no");

        File.ReadAllText(Path.Combine(Target, "a")).Should().Be("1");
    }

    private void FailEach(Action prepare, Func<string[]> names, params string[] old)
    {
        for (var number = 1; ; number++)
        {
            if (Directory.Exists(Target))
                Directory.Delete(Target, recursive: true);
            prepare();
            var faulty = new FaultyOperations((_, at) => at >= number);
            var error = Record.Exception(() => Write("2", faulty, "a", "b"));
            if (faulty.Failed is null)
            {
                number.Should().BeGreaterThan(3, "several operations have failed in turn");
                return;
            }
            error.Should().BeOfType<TweedieException>().Which.Message.Should().Be($"{Target}: cannot be written: No space left on device");
            names().Should().BeSubsetOf(["a", "b"]).And.HaveCount(count => count == 0 || count == 2);
            names().Select(name => File.ReadAllText(Path.Combine(Target, name))).Should().BeSubsetOf(["2", .. old]);
            Write("3", "a", "b");
            names().Should().Equal("a", "b");
        }
    }

    private void Write(string text, params string[] names) => Write(text, new DiskOperations(), names);

    private void Write(string text, IFileOperations files, params string[] names) => AtomicFolder.Write(Target, aside =>
    {
        foreach (var name in names)
            AtomicFile.WriteText(Path.Combine(aside, name), text);
    }, files);

    private string[] Names() => [.. Directory.GetFiles(Target).Select(path => Path.GetFileName(path)).Order()];
}
