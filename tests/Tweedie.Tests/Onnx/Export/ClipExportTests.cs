using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Onnx;
using Tweedie.Tests.Cli;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;
using Tweedie.Text;
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
        TinyNetwork.Randomize(clip.Network);
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

    [Theory]
    [InlineData("openai")]
    [InlineData("huggingface")]
    public void A_published_folder_is_exported_by_the_command(string layout)
    {
        using var folder = new TemporaryFolder();
        var published = PublishedFolder(folder, layout);
        var exported = Path.Combine(folder.Path, "exported");

        var written = CommandLine.Run("export", published, "--out", exported);

        written.ExitCode.Should().Be(0, written.Error);
        using var clip = ClipModel.Load(published);
        using var graphs = OnnxClip.Load(exported);
        using var scope = NewDisposeScope();
        string[] texts = ["a cat", "b"];
        graphs.EncodeTexts(texts).SelectMany(row => row).Should().Equal(clip.EncodeTexts(texts).data<float>(), (a, b) => Math.Abs(a - b) < 1e-5);
        graphs.Options.Weights.Should().Be(clip.WeightsHash);
    }

    [Fact]
    public void A_published_folder_without_its_tokenizer_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        var published = PublishedFolder(folder, "huggingface");
        File.Delete(Path.Combine(published, ClipTokenizer.FileName));

        CommandLine.Run("export", published, "--out", Path.Combine(folder.Path, "exported")).ShouldBeOneLineError(1, "published", "tokenizer");
    }

    // A small published CLIP, with a tokenizer of as many entries.
    private static string PublishedFolder(TemporaryFolder folder, string layout)
    {
        var fixture = Shared.Path("fixtures/clip-tiny");
        var published = Directory.CreateDirectory(Path.Combine(folder.Path, "published")).FullName;
        foreach (var (from, to) in layout == "openai" ? new[] { ("openai_config.json", "openai_config.json"), ("weights_openai.safetensors", "weights_openai.safetensors") }
            : [("config.json", "config.json"), ("preprocessor_config.json", "preprocessor_config.json"), ("weights_hf.safetensors", "model.safetensors")])
            File.Copy(Path.Combine(fixture, from), Path.Combine(published, to));
        var pairs = "abcdefghij".SelectMany(first => "abcdefghij".Select(second => $"{first} {second}")).Take(600 - 514);
        File.WriteAllText(Path.Combine(published, ClipTokenizer.FileName), $"#version: 0.2\n{string.Join('\n', pairs)}\n");
        return published;
    }
}
