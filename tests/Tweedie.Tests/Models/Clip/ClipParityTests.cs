using System.Text.Json.Nodes;
using TorchSharp;
using TorchSharp.Modules;
using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Clip;

/// <summary>Compares both towers with OpenAI's code, from OpenAI's and Hugging Face's files of the same weights: a small CLIP, all parameters random.</summary>
public sealed class ClipParityTests : IDisposable
{
    private const double FeatureTolerance = 1e-4, CosineTolerance = 2e-5, LogitTolerance = 1e-3;

    // The folder is found first, because a skipped test must open no scope.
    private readonly string _fixture = Shared.Path("fixtures/clip-tiny");
    private readonly TemporaryFolder _huggingFace = new();
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

        var tokens = golden.GetValueOrDefault($"{name}.ln_pre") ?? state["text.token_embed.weight"][rows].Plus(state["text.pos_embed"]);
        var blocks = (ModuleList<TransformerBlock>)children["blocks"];
        for (var layer = 0; layer < blocks.Count; layer++)
        {
            tokens = blocks[layer].Attend(tokens, context: null, isCausal: name == "text");
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
        var (options, expected) = (ClipFolder.ReadOptions(FolderOf(layout)), Load("inputs.safetensors")["image"]);
        var images = Enumerable.Range(0, (int)expected.shape[0]).Select(i => ImageDecoder.DecodeFile(Path.Combine(_fixture, $"image_{i}.png"))).ToList();

        var prepared = options.Prepare(images);

        prepared.ShouldBeWithin(1e-6, expected);
    }

    [Fact]
    public void What_fills_a_row_behind_the_end_token_changes_nothing()
    {
        using var network = Network("openai");
        var rows = Load("inputs.safetensors")["text"].narrow(0, 0, 1);
        var end = rows[0].Is(ClipFolder.ReadOptions(_fixture).Network.Text.EndToken).nonzero()[0, 0].item<long>();
        var padded = rows.clone();
        padded[0].narrow(0, end + 1, rows.shape[1] - end - 1).Fill(7);

        network.Text.forward(padded).ShouldBeWithin(1e-6, network.Text.forward(rows));
    }

    [Fact]
    public void Weights_of_another_size_are_refused_in_one_line()
    {
        var size = ClipFolder.ReadOptions(_fixture).Network;
        var (image, text, width) = (size.Image, size.Text, size.EmbeddingWidth);
        int Positions(int imageSize) => 1 + (imageSize / image.PatchSize) * (imageSize / image.PatchSize);

        ErrorOf("openai", "vision_width", image.Width + 64).Should().Contain("different image.");
        ErrorOf("openai", "transformer_layers", text.Depth + 1).Should().Contain($"missing text.blocks.{text.Depth}.norm1.weight ({text.Width})");
        ErrorOf("huggingface", "projection_dim", 2 * width).Should().Contain($"image.proj.weight ({width}, {image.Width}) instead of ({2 * width}, {image.Width})");
        ErrorOf("huggingface", "text_config.vocab_size", text.VocabularySize + 3).Should()
            .Contain($"text.token_embed.weight ({text.VocabularySize}, {text.Width}) instead of ({text.VocabularySize + 3}, {text.Width})");
        ErrorOf("huggingface", "vision_config.image_size", 2 * image.ImageSize).Should()
            .Contain($"image.pos_embed ({Positions(image.ImageSize)}, {image.Width}) instead of ({Positions(2 * image.ImageSize)}, {image.Width})");
        Assert.SkipUnless(text.Depth > 1, "the fixture's text tower has one block, and none is not a size");
        ErrorOf("huggingface", "text_config.num_hidden_layers", text.Depth - 1).Should().Contain($"unexpected text.blocks.{text.Depth - 1}.");
    }

    // Loads the weights with one number of their config changed; "text_config.vocab_size" is a number in an object.
    private string ErrorOf(string layout, string number, int other)
    {
        using var folder = new TemporaryFolder();
        var (config, weights) = layout == "openai" ? ("openai_config.json", "weights_openai.safetensors") : ("config.json", "model.safetensors");
        var json = JsonNode.Parse(File.ReadAllText(Path.Combine(FolderOf(layout), config)))!;
        var path = number.Split('.');
        path[..^1].Aggregate(json, (node, key) => node[key]!)[path[^1]] = other;
        File.WriteAllText(folder.File(config), json.ToJsonString());
        File.Copy(Path.Combine(FolderOf(layout), weights), folder.File(weights));

        var load = () => ClipFolder.LoadNetwork(folder.Path, ClipFolder.ReadOptions(folder.Path).Network);

        var message = load.Should().Throw<TweedieException>().Which.Message;
        message.Should().StartWith(folder.File(weights)).And.Contain("do not fit").And.NotContain("\n");
        return message;
    }
}
