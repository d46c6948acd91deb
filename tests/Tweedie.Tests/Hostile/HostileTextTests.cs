using System.Diagnostics;
using System.IO.Compression;
using Tweedie.Configuration;
using Tweedie.Text;
using Tweedie.Training;

namespace Tweedie.Tests.Hostile;

/// <summary>Texts that are large, or become large, where a small one is expected.</summary>
[Collection(GlobalState.Name)] // alone, because resident memory is the whole process's
public sealed class HostileTextTests : IDisposable
{
    private const int Length = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> LongTexts => new()
    {
        { "one word", new string('a', Length) },
        { "one quoted text", $"a: \"{new string('b', Length)}\"" },
        { "open quote", $"a: \"{new string('b', Length)}" },
        { "open lists", new string('[', Length) },
        { "open maps", new string('{', Length) },
        { "indented deeper and deeper", string.Concat(Enumerable.Range(0, 1400).Select(depth => $"{new string(' ', depth)}a:\n")) },
        { "dashes in dashes", string.Concat(Enumerable.Repeat("- ", Length / 2)) },
        { "many keys", string.Concat(Enumerable.Range(0, Length / 10).Select(key => $"k{key}: 1\n")) },
        { "one key again and again", string.Concat(Enumerable.Repeat("a: 1\n", Length / 5)) },
        { "many values", $"a: [{string.Concat(Enumerable.Repeat("1,", Length / 2))}1]" },
        { "comments", string.Concat(Enumerable.Repeat("# c\n", Length / 4)) },
        { "empty lines", new string('\n', Length) },
        { "spaces", new string(' ', Length) },
        { "documents", string.Concat(Enumerable.Repeat("---\n", Length / 4)) },
        { "anchors", string.Concat(Enumerable.Repeat("&a ", Length / 3)) },
        { "tags", string.Concat(Enumerable.Repeat("!a ", Length / 3)) },
        { "question marks", string.Concat(Enumerable.Repeat("? ", Length / 2)) },
        { "escapes", $"a: \"{string.Concat(Enumerable.Repeat("\\u0041", Length / 6))}\"" },
        { "a block of text", "a: |\n" + string.Concat(Enumerable.Repeat(" b\n", Length / 3)) },
        { "directives", string.Concat(Enumerable.Repeat("%A b\n", Length / 5)) },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(LongTexts))]
    public void A_long_config_is_read_or_refused_in_reasonable_time(string kind, string text)
    {
        var watch = Stopwatch.StartNew();

        var read = () => RunConfig.From(ConfigDocument.Parse(text, "run.yaml"));

        read.Should().Throw<TweedieException>(kind).Which.Message.Should().NotContain("\n");
        watch.Elapsed.Should().BeLessThan(TimeSpan.FromMinutes(2), "none takes a second on an idle machine");
    }

    [Fact]
    public void A_file_without_end_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "needs /dev/zero");
        var growth = PeakMemory.Of(() =>
        {
            var load = () => ConfigDocument.Load("/dev/zero");
            load.Should().Throw<TweedieException>().WithMessage("/dev/zero: has more than 16777216 characters; is it another kind of file?");
        });
        growth.Should().BeLessThan(256 << 20);
    }

    [Fact]
    public void A_compressed_vocabulary_that_expands_without_end_is_refused()
    {
        var path = _folder.File(ClipTokenizer.OriginalFileName);
        using (var file = new GZipStream(File.Create(path), CompressionLevel.SmallestSize))
            for (var megabyte = 0; megabyte < 500; megabyte++)
                file.Write(new byte[1 << 20]); // half a gigabyte in half a megabyte

        new FileInfo(path).Length.Should().BeLessThan(1 << 20);
        var growth = PeakMemory.Of(() =>
        {
            var load = () => Tokenizers.Load(_folder.Path);
            load.Should().Throw<TweedieException>().WithMessage($"{path}: has more than 16777216 characters; is it another kind of file?");
        });
        growth.Should().BeLessThan(256 << 20);
    }
}
