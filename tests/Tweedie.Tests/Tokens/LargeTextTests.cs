using System.Text;
using Tweedie.Text;
using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>A text need not fit into memory. The test runs alone, because it measures the memory of the process.</summary>
[Collection(GlobalState.Name)]
public sealed class LargeTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_large_file_takes_little_memory()
    {
        const int Megabytes = 64;
        var path = Path.Combine(_folder.Path, "large.txt");
        var line = Encoding.ASCII.GetBytes("All the world's a stage, and all the men and women merely players\n");
        using (var file = new BufferedStream(File.Create(path)))
            for (var written = 0L; written < Megabytes << 20; written += line.Length)
                file.Write(line);
        var source = new TextFileSource("large", [path]);
        var peak = new PeakMemory();

        using var text = EncodedText.Open(source, new ByteTokenizer(), _folder.Path, peak);
        var (train, held) = TextHoldout.Split(source, 0.1);
        using var heldText = EncodedText.Open(held, new ByteTokenizer(), _folder.Path, peak);

        text.Length.Should().Be(new FileInfo(path).Length);
        heldText.Length.Should().Be(text.Length - (long)(text.Length * 0.9));
        peak.Bytes.Should().BePositive().And.BeLessThan(16 << 20);
    }

    /// <summary>The most memory that lives while a text is encoded, beyond what lived before. It looks at it now and then, because looking is slow.</summary>
    private sealed class PeakMemory : IProgress<long>
    {
        private readonly long _start = GC.GetTotalMemory(forceFullCollection: true);
        private long _reports;

        public long Bytes { get; private set; }

        public void Report(long value)
        {
            if (_reports++ % 1000 == 0)
                Bytes = Math.Max(Bytes, GC.GetTotalMemory(forceFullCollection: true) - _start);
        }
    }
}
