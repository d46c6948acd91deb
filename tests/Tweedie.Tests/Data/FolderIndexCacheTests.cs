using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class FolderIndexCacheTests : IDisposable
{
    private readonly TemporaryFolder _data = new();
    private readonly TemporaryFolder _cache = new();

    public FolderIndexCacheTests()
    {
        foreach (var name in new[] { "b/2.png", "b/10.png", "b/deeper/1.png", "a/x.png" })
            _data.Write(name);
        _data.Write("b/notes.txt");
        Settle();
    }

    public void Dispose()
    {
        _data.Dispose();
        _cache.Dispose();
    }

    [Fact]
    public void A_kept_index_is_the_list_itself_and_no_file_is_looked_for()
    {
        var listed = Names(Cache().Open(_data.Path));
        listed.Should().Equal("a/x.png", "b/10.png", "b/2.png", "b/deeper/1.png").And.Equal(Names(FolderIndex.List(_data.Path)));

        // A change that does not alter the folder's time would be seen only by listing the files.
        var time = Directory.GetLastWriteTimeUtc(Path.Combine(_data.Path, "a"));
        _data.Write("a/y.png");
        Directory.SetLastWriteTimeUtc(Path.Combine(_data.Path, "a"), time);
        Names(Cache().Open(_data.Path)).Should().Equal(listed);
    }

    [Theory]
    [InlineData("a new file", "a/x.png", "a/y.png", "b/10.png", "b/2.png", "b/deeper/1.png")]
    [InlineData("a new file deep in a class", "a/x.png", "b/10.png", "b/2.png", "b/deeper/1.png", "b/deeper/2.png")]
    [InlineData("a removed file", "a/x.png", "b/2.png", "b/deeper/1.png")]
    [InlineData("a renamed file", "a/z.png", "b/10.png", "b/2.png", "b/deeper/1.png")]
    [InlineData("a new class", "a/x.png", "b/10.png", "b/2.png", "b/deeper/1.png", "c/1.png")]
    [InlineData("a removed class", "b/10.png", "b/2.png", "b/deeper/1.png")]
    [InlineData("a renamed class", "b/10.png", "b/2.png", "b/deeper/1.png", "c/x.png")]
    [InlineData("classes that change their names", "a/10.png", "a/2.png", "a/deeper/1.png", "b/x.png")]
    public void A_change_is_seen(string change, params string[] expected)
    {
        Cache().Open(_data.Path);
        Change(change);
        Names(Cache().Open(_data.Path)).Should().Equal(expected);

        Settle();
        Cache().Open(_data.Path);
        Names(Cache().Open(_data.Path)).Should().Equal(expected, "the new list is kept in place of the old one");
    }

    [Fact]
    public void A_change_behind_a_link_is_seen()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("1.png");
        Settle(elsewhere.Path);
        Directory.CreateSymbolicLink(Path.Combine(_data.Path, "c"), elsewhere.Path);
        Settle();
        Names(Cache().Open(_data.Path)).Should().Contain("c/1.png");
        Directory.GetFiles(_cache.Path).Should().ContainSingle();

        elsewhere.Write("2.png");
        Names(Cache().Open(_data.Path)).Should().Contain("c/2.png");
    }

    [Fact]
    public void A_damaged_file_is_written_anew()
    {
        var listed = Names(Cache().Open(_data.Path));
        var file = Directory.GetFiles(_cache.Path).Should().ContainSingle().Subject;
        var whole = File.ReadAllBytes(file);
        for (var length = 0; length < whole.Length; length += 7)
            Damaged(whole[..length]);
        for (var position = 0; position < whole.Length; position++)
            Damaged([.. whole[..position], (byte)(whole[position] ^ 0x10), .. whole[(position + 1)..]]);
        Damaged([.. whole, 0]);

        void Damaged(byte[] bytes)
        {
            File.WriteAllBytes(file, bytes);
            Names(Cache().Open(_data.Path)).Should().Equal(listed);
            File.ReadAllBytes(file).Should().Equal(whole);
        }
    }

    [Fact]
    public void The_index_of_another_folder_is_not_taken()
    {
        Cache().Open(_data.Path);
        var file = Directory.GetFiles(_cache.Path).Should().ContainSingle().Subject;

        FolderIndexFile.TryRead(file, _data.Path).Should().NotBeNull();
        FolderIndexFile.TryRead(file, _data.Path + "2").Should().BeNull();
    }

    [Fact]
    public void Without_a_place_to_write_the_folder_is_listed_each_time()
    {
        var file = _data.Write("a/x.png");
        foreach (var cacheFolder in new[] { file, Path.Combine(file, "index"), null })
        {
            var cache = new FolderIndexCache(cacheFolder, minimumImages: 0);
            Names(cache.Open(_data.Path)).Should().Equal(Names(FolderIndex.List(_data.Path)));
        }
    }

    [Fact]
    public void A_folder_that_changes_while_it_is_listed_is_not_kept()
    {
        _data.Write("a/y.png");
        Cache().Open(_data.Path);
        Directory.GetFiles(_cache.Path).Should().BeEmpty();
    }

    [Fact]
    public void A_small_folder_is_not_kept()
    {
        new FolderIndexCache(_cache.Path, minimumImages: 5).Open(_data.Path);
        Directory.GetFiles(_cache.Path).Should().BeEmpty();
        new FolderIndexCache(_cache.Path, minimumImages: 4).Open(_data.Path);
        Directory.GetFiles(_cache.Path).Should().ContainSingle();
    }

    private FolderIndexCache Cache() => new(_cache.Path, minimumImages: 0);

    private void Change(string change)
    {
        string In(string name) => Path.Combine(_data.Path, name);
        switch (change)
        {
            case "a new file": _data.Write("a/y.png"); break;
            case "a new file deep in a class": _data.Write("b/deeper/2.png"); break;
            case "a removed file": File.Delete(In("b/10.png")); break;
            case "a renamed file": File.Move(In("a/x.png"), In("a/z.png")); break;
            case "a new class": _data.Write("c/1.png"); break;
            case "a removed class": Directory.Delete(In("a"), recursive: true); break;
            case "a renamed class": Directory.Move(In("a"), In("c")); break;
            default:
                Directory.Move(In("a"), In("c"));
                Directory.Move(In("b"), In("a"));
                Directory.Move(In("c"), In("b"));
                break;
        }
    }

    private void Settle() => Settle(_data.Path);

    /// <summary>Sets times as if nothing had been changed for an hour.</summary>
    private static void Settle(string folder)
    {
        foreach (var inner in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
            Directory.SetLastWriteTimeUtc(inner, DateTime.UtcNow.AddHours(-1));
    }

    private static IEnumerable<string> Names(FolderIndex index) =>
        index.Classes.SelectMany(files => files.Files.Select(file => $"{files.Name}/{file.Replace('\\', '/')}"));
}
