using System.Text.Json;
using System.Text.Json.Nodes;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;

namespace Tweedie.Tests.Models.Published;

/// <summary>Everything that a published CLIP's files say is obeyed, or refused by name.</summary>
public sealed class PublishedClipTests : IDisposable
{
    private const string Config = """
        { "model_type": "clip", "projection_dim": 16, "logit_scale_init_value": 2.6592, "torch_dtype": "float32",
          "text_config": { "hidden_size": 32, "vocab_size": 100, "num_attention_heads": 4, "intermediate_size": 64, "top_k": 50 },
          "vision_config": { "hidden_size": 48, "image_size": 224, "patch_size": 16, "num_attention_heads": 6, "intermediate_size": 96, "dropout": 0.0 } }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ClipModelOptions Read(string? processor = null, string config = Config)
    {
        File.WriteAllText(_folder.File("config.json"), config);
        if (processor is not null)
            File.WriteAllText(_folder.File("preprocessor_config.json"), processor);
        return ClipModel.ReadOptions(_folder.Path);
    }

    private static string With(string path, JsonNode value)
    {
        var json = JsonNode.Parse(Config)!;
        var keys = path.Split('.');
        keys[..^1].Aggregate(json, (node, key) => node[key] ??= new JsonObject())[keys[^1]] = value;
        return json.ToJsonString();
    }

    [Fact]
    public void The_usual_input_is_OpenAIs()
    {
        var options = Read();

        (options.Fit, options.CropRatio, options.Interpolation).Should().Be((ImageFit.ShorterSide, 1, Interpolation.Bicubic));
        (options.Network.Image.Heads, options.Network.Text.EndToken, options.Network.Activation).Should().Be((6, 99, Activation.QuickGelu));
    }

    [Theory]
    [InlineData("""{ "size": 224, "crop_size": 224 }""", ImageFit.ShorterSide, 224, Interpolation.Bicubic)]
    [InlineData("""{ "size": { "shortest_edge": 256 }, "crop_size": { "height": 224, "width": 224 } }""", ImageFit.ShorterSide, 256, Interpolation.Bicubic)]
    [InlineData("""{ "size": { "shortest_edge": 241 }, "resample": 2, "feature_extractor_type": "CLIPFeatureExtractor" }""", ImageFit.ShorterSide, 241, Interpolation.Bilinear)]
    [InlineData("""{ "size": { "height": 224, "width": 224 }, "do_center_crop": false, "resample": 3, "do_convert_rgb": true }""", ImageFit.Stretch, 224, Interpolation.Bicubic)]
    public void Sizes_crops_and_interpolations_are_obeyed(string processor, ImageFit fit, int resized, Interpolation interpolation)
    {
        var options = Read(processor);

        (options.Fit, options.Interpolation).Should().Be((fit, interpolation));
        Math.Floor(224 / options.CropRatio).Should().Be(resized);
    }

    [Theory]
    [InlineData("""{ "size": { "shortest_edge": 224 }, "do_center_crop": false }""", "do_center_crop = false")]
    [InlineData("""{ "size": 224, "crop_size": 336 }""", "crop_size = 336: but the model's images have 224 x 224 pixels.")]
    [InlineData("""{ "size": 200, "crop_size": 224 }""", "size = 200: is smaller than the crop of 224")]
    [InlineData("""{ "size": { "longest_edge": 224 } }""", "size.longest_edge = 224: is unknown")]
    [InlineData("""{ "resample": 0 }""", "resample = 0")]
    [InlineData("""{ "sharpen": 2 }""", "sharpen = 2: is unknown")]
    [InlineData("""{ "image_mean": 0.5 }""", "image_mean = 0.5: expected a list of numbers.")]
    public void Other_input_is_refused_by_name(string processor, string problem) => ErrorOf(processor, Config).Should().Contain("preprocessor_config.json").And.Contain(problem);

    [Theory]
    [InlineData("vision_config.hidden_act", "gelu", "hidden_act")]
    [InlineData("text_config.hidden_act", "relu", "text_config.hidden_act = \"relu\": expected gelu or quick_gelu.")]
    [InlineData("vision_config.layer_norm_eps", 1e-6, "vision_config.layer_norm_eps = 1E-06: our CLIP has 1E-05.")]
    [InlineData("vision_config.num_channels", 4, "vision_config.num_channels = 4: but our CLIP has 3.")]
    [InlineData("vision_config.use_rope", true, "vision_config.use_rope = true: is unknown")]
    [InlineData("model_type", "siglip", "model_type = \"siglip\": expected clip.")]
    public void Another_network_is_refused_by_name(string key, object value, string problem) =>
        ErrorOf(null, With(key, JsonSerializer.SerializeToNode(value)!))
            .Should().Contain("config.json").And.Contain(problem);

    [Fact]
    public void Sections_of_older_files_are_obeyed() =>
        Read(config: With("vision_config_dict.num_attention_heads", 12)).Network.Image.Heads.Should().Be(12);

    private string ErrorOf(string? processor, string config)
    {
        var message = FluentActions.Invoking(() => Read(processor, config)).Should().Throw<TweedieException>().Which.Message;
        message.Should().NotContain("\n");
        return message;
    }
}
