using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Tests.Formats;

public sealed class SafeTensorsHeaderTests
{
    private const string Good = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    private static SafeTensorsHeader Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return SafeTensorsHeader.Read(stream, "m.safetensors");
    }

    private static string ErrorOf(byte[] file)
    {
        var read = () => Read(file);
        return read.Should().Throw<TweedieException>().Which.Message;
    }

    private static string Tensor(string dtype, string shape, string offsets) =>
        $$$"""{"a":{"dtype":{{{dtype}}},"shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""";

    [Fact]
    public void A_valid_header_is_read_in_the_order_of_the_bytes()
    {
        var header = Read(SafeTensorsFile.Build("""
            {"b":{"data_offsets":[4,10],"dtype":"BF16","shape":[3,1]},"empty":{"dtype":"I64","shape":[0,5],"data_offsets":[4,4]},
            "__metadata__":{"format":"pt","é":""},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}
            """ + "   ", 10));

        header.Metadata.Should().BeEquivalentTo(new Dictionary<string, string> { ["format"] = "pt", ["é"] = "" });
        header.Tensors.Should().BeEquivalentTo(
            [
                new SafeTensorInfo("a", ScalarType.Float32, [], 0, 4),
                new SafeTensorInfo("empty", ScalarType.Int64, [0, 5], 4, 4),
                new SafeTensorInfo("b", ScalarType.BFloat16, [3, 1], 4, 10),
            ],
            options => options.WithStrictOrdering());
    }

    [Fact]
    public void A_file_without_tensors_is_valid() => Read(SafeTensorsFile.Build("{}", 0)).Tensors.Should().BeEmpty();

    [Fact]
    public void The_length_of_the_header_is_checked_before_it_is_read()
    {
        ErrorOf([1, 2, 3]).Should().Be("m.safetensors: is no safetensors file: it has only 3 bytes");
        ErrorOf(SafeTensorsFile.Build(ulong.MaxValue, [], [])).Should().Match("*its header has 18446744073709551615 bytes, at most 100000000 are allowed");
        ErrorOf(SafeTensorsFile.Build(100_000_001, [], [])).Should().EndWith("at most 100000000 are allowed");
        ErrorOf(SafeTensorsFile.Build(100_000_000, [1], [])).Should().EndWith("its header has 100000000 bytes, only 1 follow");
        ErrorOf(SafeTensorsFile.Build(0, [], [])).Should().EndWith("its header does not begin with {");
    }

    [Theory]
    [InlineData("[]", "is no safetensors file: its header does not begin with {")]
    [InlineData(" {}", "is no safetensors file: its header does not begin with {")]
    [InlineData("{", "the header is not valid JSON: *")]
    [InlineData("{} x", "the header is not valid JSON: *")]
    [InlineData("{}{}", "the header is not valid JSON: *")]
    [InlineData("{/**/}", "the header is not valid JSON: *")]
    [InlineData("{\"a\":1}", "tensor 'a' is 1, expected an object")]
    [InlineData("{\"a\":{}}", "tensor 'a': has no dtype")]
    [InlineData("{\"a\":{\"dtype\":\"F32\"}}", "tensor 'a': has no shape")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", "tensor 'a': has no data_offsets")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", "tensor 'a': 'dtype' is given twice")]
    [InlineData("{\"a\":{\"type\":\"F32\"}}", "tensor 'a': unknown field 'type', expected dtype, shape and data_offsets")]
    [InlineData("{\"\\ud800\":{}}", "the header holds an escape*")]
    [InlineData("{\"__metadata__\":{\"a\":1}}", "__metadata__ 'a' is 1, expected text")]
    [InlineData("{\"__metadata__\":{\"a\":null}}", "__metadata__ 'a' is null, expected text")]
    [InlineData("{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", "__metadata__: 'a' is given twice")]
    [InlineData("{\"__metadata__\":[]}", "__metadata__ is a list, expected an object")]
    [InlineData("{\"__metadata__\":{},\"__metadata__\":{}}", "the header: '__metadata__' is given twice")]
    public void Malformed_headers_are_refused(string json, string problem) =>
        ErrorOf(SafeTensorsFile.Build(json, 0)).Should().Match($"m.safetensors: {problem}");

    [Theory]
    [InlineData("\"F31\"", "[2]", "[0,8]", "dtype 'F31' is not supported, expected one of F64, F32, F16, BF16, I64, I32, I16, I8, U8, BOOL")]
    [InlineData("\"F8_E4M3\"", "[8]", "[0,8]", "dtype 'F8_E4M3' is not supported, *")]
    [InlineData("5", "[2]", "[0,8]", "dtype is 5, expected text")]
    [InlineData("\"F32\"", "2", "[0,8]", "shape is 2, expected a list of whole numbers")]
    [InlineData("\"F32\"", "[-2]", "[0,8]", "shape holds -2, expected whole numbers from 0 to 9223372036854775807")]
    [InlineData("\"F32\"", "[2.0]", "[0,8]", "shape holds 2.0, expected whole numbers*")]
    [InlineData("\"F32\"", "[\"2\"]", "[0,8]", "shape holds 2, expected whole numbers*")]
    [InlineData("\"F32\"", "[9223372036854775808]", "[0,8]", "shape holds 9223372036854775808, expected whole numbers*")]
    [InlineData("\"F32\"", "[3]", "[0,8]", "data_offsets [0, 8] span 8 bytes, but F32 of shape [3] needs 12")]
    [InlineData("\"F32\"", "[]", "[0,8]", "data_offsets [0, 8] span 8 bytes, but F32 of shape [] needs 4")]
    [InlineData("\"F32\"", "[0]", "[0,8]", "data_offsets [0, 8] span 8 bytes, but F32 of shape [0] needs 0")]
    [InlineData("\"F32\"", "[4294967296,4294967296]", "[0,0]", "*of shape [4294967296, 4294967296] needs more than a file can hold")]
    [InlineData("\"F32\"", "[4611686018427387904]", "[0,0]", "*of shape [4611686018427387904] needs more than a file can hold")]
    [InlineData("\"F32\"", "[0,9223372036854775807]", "[0,0]", "*of shape [0, 9223372036854775807] needs more than a file can hold")]
    [InlineData("\"F32\"", "[2]", "[0]", "data_offsets [0] are not a begin and an end")]
    [InlineData("\"F32\"", "[2]", "[0,4,8]", "data_offsets [0, 4, 8] are not a begin and an end")]
    [InlineData("\"F32\"", "[2]", "[8,0]", "data_offsets [8, 0] are not a begin and an end")]
    [InlineData("\"F32\"", "[2]", "[-8,0]", "data_offsets holds -8, expected whole numbers*")]
    [InlineData("\"F32\"", "[2]", "[1,9]", "data_offsets [1, 9] end beyond the file's 8 bytes of data; is the file cut short?")]
    [InlineData("\"F32\"", "[1]", "[4,8]", "data_offsets [4, 8] leave a gap after 0")]
    public void Tensors_that_do_not_fit_their_bytes_are_refused(string dtype, string shape, string offsets, string problem) =>
        ErrorOf(SafeTensorsFile.Build(Tensor(dtype, shape, offsets), 8)).Should().Match($"m.safetensors: tensor 'a': {problem}");

    [Theory]
    [InlineData(0, 4, 4, 8, 9, "the tensors end at 8, but 9 bytes of data follow the header")]
    [InlineData(0, 4, 8, 12, 12, "tensor 'b': data_offsets [8, 12] leave a gap after 4")]
    [InlineData(0, 4, 0, 4, 4, "tensor 'b': data_offsets [0, 4] overlap the tensor before, which ends at 4")]
    [InlineData(0, 4, 3, 7, 7, "tensor 'b': data_offsets [3, 7] overlap the tensor before, which ends at 4")]
    [InlineData(0, 4, 4, 8, 7, "tensor 'b': data_offsets [4, 8] end beyond the file's 7 bytes of data; is the file cut short?")]
    public void Tensors_must_cover_the_data_exactly(int a, int aEnd, int b, int bEnd, int length, string problem)
    {
        static string Bytes(int begin, int end) => $$"""{"dtype":"U8","shape":[{{end - begin}}],"data_offsets":[{{begin}},{{end}}]}""";
        var json = $$"""{"a":{{Bytes(a, aEnd)}},"b":{{Bytes(b, bEnd)}}}""";

        ErrorOf(SafeTensorsFile.Build(json, length)).Should().Be($"m.safetensors: {problem}");
    }

    [Fact]
    public void Names_must_be_unique_after_unescaping() =>
        ErrorOf(SafeTensorsFile.Build(Good[..^1] + "," + Good[1..].Replace("\"a\"", "\"\\u0061\"", StringComparison.Ordinal), 8))
            .Should().Be("m.safetensors: the header: 'a' is given twice");

    [Fact]
    public void Text_must_be_utf8() =>
        ErrorOf(SafeTensorsFile.Build(8, [.. "{\""u8, 0xC3, 0x28, .. "\":1}"u8], [])).Should().Be("m.safetensors: the header is not UTF-8 text");

    [Fact]
    public void More_than_64_dimensions_are_refused()
    {
        var shape = $"[{string.Join(",", Enumerable.Repeat(1, 65))}]";

        ErrorOf(SafeTensorsFile.Build(Tensor("\"U8\"", shape, "[0,1]"), 1)).Should().Contain("tensor 'a': shape has 65 dimensions, at most 64");
    }

    [Fact]
    public void Deep_nesting_is_refused() =>
        ErrorOf(SafeTensorsFile.Build("{\"__metadata__\":" + string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), 0)).Should().StartWith("m.safetensors: ");

    [Fact]
    public void A_missing_file_is_named()
    {
        var load = () => SafeTensorsHeader.Load("missing.safetensors");

        load.Should().Throw<TweedieException>().WithMessage("missing.safetensors: cannot be read: it does not exist");
    }
}
