using Tweedie.Images;
using Tweedie.Onnx;

namespace Tweedie.Tests.Onnx;

/// <summary>The encoder that <c>dotnet build encoders/ResNet18</c> brings is fed as it was trained.</summary>
public sealed class ProvidedEncoderTests
{
    // It was trained on blue-green-red. The file that is run first puts the channels into this order, so nothing else may do it too.
    [Fact]
    public void A_red_image_reaches_the_network_in_its_last_channel()
    {
        var encoder = Path.Combine(Shared.RepositoryRoot, "encoders", "ResNet18", "model", "ResNet18.onnx");
        Assert.SkipUnless(File.Exists(encoder), "needs the encoder: run dotnet build encoders/ResNet18");
        var preprocess = PreprocessOptions.Beside(encoder);
        var plane = preprocess.Size * preprocess.Size;
        var image = new float[3 * plane];
        image.AsSpan(preprocess.Channels == ChannelOrder.Rgb ? 0 : 2 * plane, plane).Fill((float)preprocess.Range);
        using var first = new OnnxImageModel(Path.Combine(Path.GetDirectoryName(encoder)!, preprocess.First!), null, preprocess.Size);

        var (values, _) = first.Run(image, 1);

        values.Chunk(plane).Select(channel => channel.Average()).Should().SatisfyRespectively(
            blue => blue.Should().BeApproximately(-103, 1),
            green => green.Should().BeApproximately(-116, 1),
            red => red.Should().BeApproximately(255 - 123, 1)); // the means of ImageNet's images
    }
}
