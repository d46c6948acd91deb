using System.Text.Json;
using TorchSharp;
using Tweedie.Formats;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Tests.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Encoder;

/// <summary>Imports published vision Transformers as our encoder: timm's own file, and the same numbers under Hugging Face's names.</summary>
public sealed class VitImportTests : IDisposable
{
    private const double Tolerance = 1e-4;

    // The folder is found first, because a skipped test must open no scope.
    private readonly string _fixture = VitFixture.Folder;
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    private readonly VisionTransformerOptions _size = VitFixture.Options("token");

    private string WeightsOf(string @case) => Path.Combine(_fixture, $"{@case}.weights.safetensors");

    private Dictionary<string, Tensor> Load(string file) => SafeTensors.Load(Path.Combine(_fixture, file));

    private string Write(IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        SafeTensors.Save(_folder.File("weights.safetensors"), tensors);
        return _folder.File("weights.safetensors");
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> HuggingFaceNames(Dictionary<string, Tensor> timm, string root)
    {
        (string Timm, string HuggingFace)[] names =
        [
            ("cls_token", "embeddings.cls_token"), ("pos_embed", "embeddings.position_embeddings"),
            ("patch_embed.proj", "embeddings.patch_embeddings.projection"), ("blocks.", "encoder.layer."), (".norm1.", ".layernorm_before."),
            (".norm2.", ".layernorm_after."), (".attn.proj.", ".attention.output.dense."), (".mlp.fc1.", ".intermediate.dense."),
            (".mlp.fc2.", ".output.dense."),
        ];
        foreach (var (name, tensor) in timm)
        {
            var renamed = name.StartsWith("norm.", StringComparison.Ordinal) ? root + "layernorm" + name[4..]
                : name.StartsWith("head.", StringComparison.Ordinal) ? "classifier" + name[4..]
                : root + names.Aggregate(name, (text, pair) => text.Replace(pair.Timm, pair.HuggingFace, StringComparison.Ordinal));
            if (!renamed.Contains(".attn.qkv.", StringComparison.Ordinal))
                yield return new(renamed, tensor);
            else
                foreach (var (part, rows) in new[] { "query", "key", "value" }.Zip(tensor.chunk(3)))
                    yield return new(renamed.Replace(".attn.qkv.", $".attention.attention.{part}.", StringComparison.Ordinal), rows);
        }
    }

    private void ShouldBeTimms(ImageEncoder encoder, string @case)
    {
        using var evaluated = encoder;
        encoder.Network.eval();
        var golden = Load($"{@case}.outputs.safetensors");
        var images = Load("input.safetensors")["x"];
        encoder.Network.Tokens(images).ShouldBeWithin(Tolerance, golden["forward_features"]);
        encoder.Network.forward(images).ShouldBeWithin(Tolerance, golden["pre_logits"].unsqueeze(1));
    }

    [Theory]
    [InlineData("token")]
    [InlineData("avg")]
    public void Timms_file_becomes_an_encoder_folder_with_timms_outputs(string @case)
    {
        using (var imported = VitImport.Load(WeightsOf(@case), heads: _size.Heads))
            imported.Save(_folder.Path);

        var encoder = ImageEncoder.Load(_folder.Path);

        encoder.Options.Encoder.Should().Be(VitFixture.Options(@case));
        encoder.Options.Mean.Should().Equal(Enumerable.Repeat(0.5, _size.Channels));
        ShouldBeTimms(encoder, @case);
    }

    [Theory]
    [InlineData("vit.")]
    [InlineData("")]
    public void Hugging_Faces_names_give_the_same_encoder(string root)
    {
        double[] means = [.. Enumerable.Range(1, _size.Channels).Select(channel => 0.5 / channel)], deviations = [.. means.Select(mean => mean / 2)];
        File.WriteAllText(_folder.File("config.json"), JsonSerializer.Serialize(new { num_attention_heads = _size.Heads, hidden_act = "gelu", hidden_size = _size.Width }));
        File.WriteAllText(_folder.File("preprocessor_config.json"), JsonSerializer.Serialize(new { image_mean = means, image_std = deviations, size = new { height = _size.ImageSize, width = _size.ImageSize } }));
        var path = Write(HuggingFaceNames(Load("token.weights.safetensors"), root));

        var encoder = VitImport.Load(path);

        encoder.Options.Mean.Should().Equal(means);
        encoder.Options.Std.Should().Equal(deviations);
        ShouldBeTimms(encoder, "token");
    }

    [Fact]
    public void The_encoder_of_a_trained_model_is_loaded_too()
    {
        using var classifier = TinyClassifier.Create();
        classifier.Save(_folder.Path);

        using var encoder = ImageEncoder.Load(_folder.Path);

        encoder.Options.Should().BeEquivalentTo(new { classifier.Options.Encoder, classifier.Options.Mean, classifier.Options.Std });
        encoder.Network.state_dict()["pos_embed"].ShouldEqual(classifier.Network.Encoder.state_dict()["pos_embed"]);
    }

    [Fact]
    public void A_folder_that_holds_a_model_is_not_written_over()
    {
        using var encoder = VitImport.Load(WeightsOf("token"), heads: _size.Heads);
        encoder.Save(_folder.Path);

        FluentActions.Invoking(() => encoder.Save(_folder.Path)).Should().Throw<TweedieException>().WithMessage($"{_folder.Path}: holds a model already*");
    }

    [Theory]
    [InlineData("blocks.{last}.mlp.fc2.bias", null, "missing blocks.{last}.mlp.fc2.bias ({width})")]
    [InlineData("pos_embed", 16, "16 positions")]
    [InlineData("pos_embed", null, "no pos_embed")]
    [InlineData("cls_token", null, "no vision Transformer")]
    [InlineData("norm.weight", null, "missing norm.weight ({width})")]
    [InlineData("reg_token", 4, "unexpected reg_token")]
    public void What_is_no_such_encoder_is_refused_in_one_line(string tensor, int? length, string problem)
    {
        var weights = Load("token.weights.safetensors");
        weights.Remove(OfThisSize(tensor));
        if (length is { } tokens)
            weights[tensor] = zeros(1, tokens, _size.Width);
        var path = Write(weights);

        FluentActions.Invoking(() => VitImport.Load(path, heads: _size.Heads)).Should().Throw<TweedieException>()
            .Which.Message.Should().StartWith(path).And.Contain(OfThisSize(problem)).And.NotContain("\n");
    }

    private string OfThisSize(string text) => text.Replace("{last}", $"{_size.Depth - 1}", StringComparison.Ordinal).Replace("{width}", $"{_size.Width}", StringComparison.Ordinal);

    [Fact]
    public void A_projection_without_its_siblings_is_refused()
    {
        var weights = HuggingFaceNames(Load("token.weights.safetensors"), "vit.").Where(pair => !pair.Key.Contains(OfThisSize("layer.{last}.attention.attention.key.weight")));
        var path = Write(weights);

        FluentActions.Invoking(() => VitImport.Load(path, heads: _size.Heads)).Should().Throw<TweedieException>()
            .WithMessage(OfThisSize($"*missing blocks.{{last}}.attn.qkv.weight ({3 * _size.Width}, {{width}}); unexpected vit.encoder.layer.{{last}}.attention.attention.query.weight ({{width}}, {{width}})*"));
    }

    [Fact]
    public void Heads_that_nothing_tells_are_asked_for()
    {
        Assert.SkipWhen(_size.Width is 192 or 384 or 768 or 1024 or 1280 or 1408, "a published ViT has the fixture's width and tells the heads");

        FluentActions.Invoking(() => VitImport.Load(WeightsOf("token"))).Should().Throw<TweedieException>().WithMessage($"*width {_size.Width}; give heads.");
    }

    [Fact]
    public void Heads_and_means_that_do_not_fit_are_named()
    {
        FluentActions.Invoking(() => VitImport.Load(WeightsOf("token"), heads: _size.Width - 1)).Should().Throw<TweedieException>()
            .WithMessage($"*encoder.heads = {_size.Width - 1} must divide width ({_size.Width})");
        FluentActions.Invoking(() => VitImport.Load(WeightsOf("token"), heads: _size.Heads, mean: [.. Enumerable.Repeat(0.5, _size.Channels + 1)])).Should().Throw<TweedieException>()
            .WithMessage($"*mean*{_size.Channels} channels*");
    }
}
