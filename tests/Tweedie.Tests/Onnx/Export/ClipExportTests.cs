using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Tests.Data;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;
using static TorchSharp.torch;

namespace Tweedie.Tests.Onnx;

/// <summary>Exported CLIP towers give the vectors of libtorch.</summary>
public sealed class ClipExportTests
{
    [Theory]
    [InlineData(17)]
    [InlineData(23)]
    public void Images_and_texts_become_the_vectors_of_libtorch(int opset)
    {
        using var folder = new TemporaryFolder();
        using var clip = TinyClip.Create();
        TinyCaptioner.Randomize(clip.Network);
        OnnxExport.Export(clip, folder.Path, new() { Opset = opset });
        using var exported = OnnxClip.Load(folder.Path);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var images = TinyClassifier.Images(3);
        string[] texts = ["a red dog", "blue", "", "the the the red dog blue cat"];

        exported.EncodePixels([.. images.data<float>()], 3).SelectMany(row => row)
            .Should().Equal(ClipNetwork.Normalize(clip.Network.Image.forward(images)).data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        exported.EncodeTexts(texts).SelectMany(row => row).Should().Equal(clip.EncodeTexts(texts).data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
    }
}
