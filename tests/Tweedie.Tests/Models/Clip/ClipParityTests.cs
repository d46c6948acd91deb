using TorchSharp;
using TorchSharp.Modules;
using Tweedie.Data;
using Tweedie.Formats;
using Tweedie.Models;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Clip;

/// <summary>Both towers against OpenAI's code, from OpenAI's and Hugging Face's files of the same weights: a small CLIP, all parameters random.</summary>
public sealed class ClipParityTests : IDisposable
{
    private const double FeatureTolerance = 1e-4, CosineTolerance = 2e-5, LogitTolerance = 1e-3;

    // The folder first: a skipped test opens no scope.
    private readonly string _fixture = Shared.Path("fixtures/clip-tiny");
    private readonly Formats.TemporaryFolder _huggingFace = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public ClipParityTests()
    {
        foreach (var (from, to) in new[]
            { ("config.json", "config.json"), ("preprocessor_config.json", "preprocessor_config.json"), ("weights_hf.safetensors", "model.safetensors") })
            File.Copy(Path.Combine(_fixture, from), _huggingFace.File(to));
    }

    public void Dispose()
    {
        _scope.Dispose();
        _huggingFace.Dispose();
    }

    private string FolderOf(string layout) => layout == "openai" ? _fixture : _huggingFace.Path;

    private Dictionary<string, Tensor> Load(string file) => SafeTensors.Load(Path.Combine(_fixture, file));

    private ClipNetwork Network(string layout)
    {
        var folder = FolderOf(layout);
        var network = ClipFolder.LoadNetwork(folder, ClipFolder.ReadOptions(folder).Network);
        network.eval();
        return network;
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("huggingface")]
    public void Features_cosines_and_logits_equal_those_of_OpenAI(string layout)
    {
        using var network = Network(layout);
        var (inputs, golden) = (Load("inputs.safetensors"), Load("outputs.safetensors"));

        var images = network.Image.forward(inputs["image"]);
        var texts = network.Text.forward(inputs["text"]);

        images.ShouldBeWithin(FeatureTolerance, golden["image_features"]);
        texts.ShouldBeWithin(FeatureTolerance, golden["text_features"]);
        var (unitImages, unitTexts) = (ClipNetwork.Normalize(images), ClipNetwork.Normalize(texts));
        unitImages.ShouldBeWithin(CosineTolerance, golden["image_features_normalized"]);
        unitTexts.ShouldBeWithin(CosineTolerance, golden["text_features_normalized"]);
        unitImages.mm(unitTexts.t()).ShouldBeWithin(CosineTolerance, golden["cosine_image_text"]);
        network.Logits(images, texts).ShouldBeWithin(LogitTolerance, golden["logits_per_image"]);
        network.Logits(images, texts).t().ShouldBeWithin(LogitTolerance, golden["logits_per_text"]);
    }

    [Theory]
    [InlineData("image", "vision")]
    [InlineData("text", "text")]
    public void Layers_equal_those_of_OpenAI(string tower, string name)
    {
        using var network = Network("openai");
        var (golden, state, rows) = (Load("activations.safetensors"), network.state_dict(), Load("inputs.safetensors")["text"]);
        var children = (tower == "image" ? (nn.Module)network.Image : network.Text).named_children().ToDictionary(child => child.name, child => child.module);

        var tokens = golden.GetValueOrDefault($"{name}.ln_pre") ?? state["text.token_embed.weight"][rows] + state["text.pos_embed"];
        var blocks = (ModuleList<TransformerBlock>)children["blocks"];
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            tokens = blocks[layer].forward(tokens);
            tokens.ShouldBeWithin(FeatureTolerance, golden[$"{name}.block{layer}"]);
        }
        if (name == "text")
            ((LayerNorm)children["norm"]).forward(tokens).ShouldBeWithin(FeatureTolerance, golden["text.ln_final"]);
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("huggingface")]
    public void Images_are_prepared_as_OpenAI_does(string layout)
    {
        var options = ClipFolder.ReadOptions(FolderOf(layout));
        var images = Enumerable.Range(0, 3).Select(i => ImageDecoder.DecodeFile(Path.Combine(_fixture, $"image_{i}.png"))).ToList();

        var prepared = ImageInput.Prepare(images, options.Network.Image.ImageSize, options.Normalization(), cropRatio: 1);

        prepared.ShouldBeWithin(1e-6, Load("inputs.safetensors")["image"]);
    }

    [Fact]
    public void What_fills_a_row_behind_the_end_token_changes_nothing()
    {
        using var network = Network("openai");
        var rows = Load("inputs.safetensors")["text"].narrow(0, 0, 1);
        var end = rows[0].eq(599).nonzero()[0, 0].item<long>();
        var padded = rows.clone();
        padded[0].narrow(0, end + 1, 76 - end).fill_(7);

        network.Text.forward(padded).ShouldBeWithin(1e-6, network.Text.forward(rows));
    }

    [Theory]
    [InlineData("openai", "\"vision_width\": 128", "\"vision_width\": 192", "different image.")]
    [InlineData("openai", "\"transformer_layers\": 2", "\"transformer_layers\": 3", "missing text.blocks.2.norm1.weight (64)")]
    [InlineData("huggingface", "\"projection_dim\": 32,\n  \"text", "\"projection_dim\": 64,\n  \"text", "image.proj.weight (32, 128) instead of (64, 128)")]
    [InlineData("huggingface", "\"vocab_size\": 600", "\"vocab_size\": 49408", "text.token_embed.weight (600, 64) instead of (49408, 64)")]
    [InlineData("huggingface", "\"patch_size\": 8", "\"patch_size\": 16", "image.pos_embed (17, 128) instead of (5, 128)")]
    [InlineData("huggingface", "\"num_hidden_layers\": 2", "\"num_hidden_layers\": 1", "unexpected text.blocks.1.")]
    public void Weights_of_another_size_are_refused_in_one_line(string layout, string size, string other, string problem)
    {
        using var folder = new Formats.TemporaryFolder();
        var (config, weights) = layout == "openai" ? ("openai_config.json", "weights_openai.safetensors") : ("config.json", "model.safetensors");
        File.WriteAllText(folder.File(config), File.ReadAllText(Path.Combine(FolderOf(layout), config)).Replace(size, other, StringComparison.Ordinal));
        File.Copy(Path.Combine(FolderOf(layout), weights), folder.File(weights));

        var load = () => ClipFolder.LoadNetwork(folder.Path, ClipFolder.ReadOptions(folder.Path).Network);

        var message = load.Should().Throw<TweedieException>().Which.Message;
        message.Should().StartWith(folder.File(weights)).And.Contain("do not fit").And.Contain(problem).And.NotContain("\n");
    }
}
