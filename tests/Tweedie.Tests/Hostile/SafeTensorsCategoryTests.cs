using System.Text;
using Tweedie.Formats;
using Tweedie.Tests.Formats;
using static TorchSharp.torch;

namespace Tweedie.Tests.Hostile;

/// <summary>
/// The kinds of files that the safetensors project's own tests refuse or accept, by the names of its errors. Where the format's text
/// leaves room, this reader is the stricter one.
/// </summary>
public sealed class SafeTensorsCategoryTests : IDisposable
{
    private const string Header = """{"w":{"dtype":"I32","shape":[2,2],"data_offsets":[0,16]}}""";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "HeaderTooSmall", [], "it has only 0 bytes" },
        { "HeaderTooSmall", [60, 0, 0], "it has only 3 bytes" },
        { "HeaderTooLarge", SafeTensorsFile.Build(0xFFFFFF000000003C, Bytes(Header), new byte[16]), "at most 100000000 are allowed" },
        { "InvalidHeaderLength", SafeTensorsFile.Build(60, [], []), "its header has 60 bytes, only 0 follow" },
        { "InvalidHeader", SafeTensorsFile.Build(3, [(byte)'{', 0xFF, (byte)'}'], []), "the header is not UTF-8 text" },
        { "InvalidHeaderStart", SafeTensorsFile.Build("\t\n{}\r ", 0), "its header does not begin with {" },
        { "InvalidHeaderDeserialization", SafeTensorsFile.Build("{", 0), "the header is not valid JSON" },
        { "InvalidHeaderDeserialization", SafeTensorsFile.Build("""{"w":{"dtype":"X9","shape":[2],"data_offsets":[0,8]}}""", 8), "dtype 'X9' is not supported" },
        { "InvalidHeaderDeserialization", SafeTensorsFile.Build("""{"w":{"dtype":"I32","shape":[-2],"data_offsets":[0,8]}}""", 8), "shape holds -2" },
        { "TensorInvalidInfo", SafeTensorsFile.Build(Header.Replace("[0,16]", "[0,4]", StringComparison.Ordinal), 4), "span 4 bytes, but I32 of shape [2, 2] needs 16" },
        { "ValidationOverflow", SafeTensorsFile.Build(Header.Replace("[2,2]", "[2,18446744073709551614]", StringComparison.Ordinal), 16), "shape holds 18446744073709551614" },
        { "ValidationOverflow", SafeTensorsFile.Build(Header.Replace("[2,2]", "[2,9223372036854775807]", StringComparison.Ordinal), 16), "needs more than a file can hold" },
        { "InvalidOffset", SafeTensorsFile.Build(Header.Replace("[0,16]", "[16,0]", StringComparison.Ordinal), 16), "are not a begin and an end" },
        { "InvalidOffset", SafeTensorsFile.Build(Header.Replace("[0,16]", "[4,20]", StringComparison.Ordinal), 20), "leave a gap" },
        { "InvalidOffset", SafeTensorsFile.Build(ManyTensorsOverTheSameBytes(), 16), "overlap the tensor before" },
        { "MetadataIncompleteBuffer", SafeTensorsFile.Build(Header, [.. new byte[16], .. "another file"u8]), "but 28 bytes of data follow the header" },
        { "MetadataIncompleteBuffer", SafeTensorsFile.Build(Header, 14), "is the file cut short?" },
        { "DuplicateKey", SafeTensorsFile.Build($"{Header[..^1]},{Header[1..]}", 16), "'w' is given twice" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Refused))]
    public void Files_that_the_project_refuses_are_refused(string category, byte[] file, string problem)
    {
        var path = _folder.File("m.safetensors");
        File.WriteAllBytes(path, file);

        var load = () => SafeTensors.Load(path);

        load.Should().Throw<TweedieException>(category).Which.Message.Should().StartWith(path).And.Contain(problem).And.NotContain("\n");
    }

    [Theory]
    [InlineData("{}\r \t\n", 0)]
    [InlineData("""{"w":{"dtype":"I32","shape":[2,0],"data_offsets":[0, 0]}}""", 0)]
    [InlineData("""{"w":{"dtype":"I32","shape":[],"data_offsets":[0, 4]}}""", 4)]
    public void Files_that_the_project_accepts_are_read(string header, int dataLength)
    {
        var path = _folder.File("m.safetensors");
        File.WriteAllBytes(path, SafeTensorsFile.Build(header, dataLength));
        using var scope = NewDisposeScope();

        SafeTensors.Load(path).Should().HaveCount(header.Contains("dtype", StringComparison.Ordinal) ? 1 : 0);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    // A short file that would fill the memory if each tensor got its own copy.
    private static string ManyTensorsOverTheSameBytes() =>
        $"{{{string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"w{i}\":{{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}"))}}}";
}
