using Tweedie.Images;

namespace Tweedie.Tests.Data;

public sealed class ForeignContentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("a.parquet")]
    [InlineData("data_batch_1.bin")]
    [InlineData("train-images-idx3-ubyte")]
    [InlineData("ant/1.png")]
    public void A_pointer_and_a_web_page_are_named_in_place_of_data(string name)
    {
        _folder.Write("train-labels-idx1-ubyte", Encoded.Idx(2049, [1], [0]));
        var path = _folder.Write(name, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"u8);
        ErrorOf(path).Should().Contain("is a pointer of Git LFS; fetch the file that it stands for with 'git lfs pull'");
        _folder.Write(name, "\n<!DOCTYPE html><title>404</title>"u8);
        ErrorOf(path).Should().Contain("is a web page (HTML or XML)").And.NotContain("\n");
    }

    private static string ErrorOf(string path) =>
        FluentActions.Invoking(() => path.EndsWith(".png", StringComparison.Ordinal) ? ImageDecoder.DecodeFile(path) : ImageSources.Open(path, DataSplit.Train).Read(0))
            .Should().Throw<TweedieException>().Which.Message;
}
