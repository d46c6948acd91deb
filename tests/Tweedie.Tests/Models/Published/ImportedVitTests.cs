using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models.Published;

/// <summary>Everything that the files beside a ViT's weights say is obeyed, or refused by name.</summary>
public sealed class ImportedVitTests : IDisposable
{
    private static readonly VisionTransformerOptions _size = new() { ImageSize = 32, PatchSize = 16, Width = 384, Depth = 1, Heads = 6, MlpRatio = 2 };

    private readonly TemporaryFolder _folder = new();

    public ImportedVitTests()
    {
        using var network = new VisionTransformer(_size);
        using var scope = NewDisposeScope();
        SafeTensors.Save(_folder.File("model.safetensors"), network.state_dict());
    }

    public void Dispose() => _folder.Dispose();

    private ImageEncoderOptions Import(string? config = null, string? processor = null)
    {
        foreach (var (name, text) in new[] { ("config.json", config), ("preprocessor_config.json", processor) })
            if (text is not null)
                File.WriteAllText(_folder.File(name), text);
        using var encoder = VitImport.Load(_folder.File("model.safetensors"));
        Notes = encoder.Notes;
        return encoder.Options;
    }

    private IReadOnlyList<string> Notes { get; set; } = [];

    private string ErrorOf(string? config = null, string? processor = null)
    {
        var message = FluentActions.Invoking(() => Import(config, processor)).Should().Throw<TweedieException>().Which.Message;
        message.Should().NotContain("\n");
        return message;
    }

    [Fact]
    public void Timms_arguments_give_the_heads_and_the_non_linearity()
    {
        var encoder = Import("""{ "architecture": "vit_small_patch16_224", "num_classes": 0, "model_args": { "num_heads": 12, "act_layer": "quick_gelu", "img_size": 32 } }""").Encoder;

        encoder.Should().Be(_size with { Heads = 12, Activation = Activation.QuickGelu });
        Notes.Should().ContainSingle().Which.Should().Contain("mean and std of 0.5 are a guess");
    }

    [Fact]
    public void Quick_gelu_changes_what_the_encoder_computes()
    {
        Import("""{ "model_args": { "num_heads": 6, "act_layer": "quick_gelu" } }""");
        using var scope = NewDisposeScope();
        using var quick = VitImport.Load(_folder.File("model.safetensors"));
        File.Delete(_folder.File("config.json"));
        using var usual = VitImport.Load(_folder.File("model.safetensors"));
        var images = ones(1, 3, 32, 32);

        (quick.Network.forward(images) - usual.Network.forward(images)).abs().max().item<float>().Should().BePositive();
    }

    [Fact]
    public void Heads_from_the_width_are_said_to_be_a_guess()
    {
        Import().Encoder.Should().Be(_size);

        Notes.Should().Contain(note => note.StartsWith("6 heads are a guess", StringComparison.Ordinal));
    }

    [Fact]
    public void Timms_input_is_obeyed()
    {
        var options = Import("""
            { "architecture": "vit_small_patch16_224", "pretrained_cfg": { "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "interpolation": "bilinear", "crop_pct": 0.9, "crop_mode": "squash",
              "input_size": [3, 32, 32], "url": "", "classifier": "head" } }
            """);

        options.Mean.Should().Equal(0.1, 0.2, 0.3);
        options.Std.Should().Equal(0.4, 0.5, 0.6);
        (options.Interpolation, options.CropRatio, options.Fit).Should().Be((Interpolation.Bilinear, 0.9, ImageFit.Stretch));
    }

    [Fact]
    public void Timms_older_files_have_the_input_at_the_top()
    {
        var options = Import("""{ "architecture": "vit_small_patch16_224", "mean": [0.1, 0.2, 0.3], "std": [0.4, 0.5, 0.6], "crop_pct": 0.9, "interpolation": "bicubic", "first_conv": "patch_embed.proj" }""");

        (options.Mean[1], options.Std[1], options.CropRatio).Should().Be((0.2, 0.5, 0.9));
        ErrorOf("""{ "architecture": "vit_small_patch16_224", "gamma": 2 }""").Should().Contain("gamma = 2: is unknown");
    }

    [Fact]
    public void Hugging_Faces_config_and_processor_are_obeyed()
    {
        var options = Import(
            """{ "model_type": "vit", "num_attention_heads": 12, "hidden_act": "quick_gelu", "layer_norm_eps": 1e-12, "hidden_size": 384, "hidden_dropout_prob": 0.1, "id2label": {} }""",
            """{ "image_processor_type": "ViTImageProcessor", "size": 32, "resample": 2, "do_normalize": true, "do_rescale": true, "rescale_factor": 0.00392156862745098 }""");

        options.Encoder.Should().Be(_size with { Heads = 12, Activation = Activation.QuickGelu, NormEpsilon = 1e-12 });
        options.Mean.Should().Equal(0.5, 0.5, 0.5);
        (options.Interpolation, options.CropRatio, options.Fit).Should().Be((Interpolation.Bilinear, 1, ImageFit.Stretch));
        Notes.Should().BeEmpty();
    }

    [Fact]
    public void A_saved_import_is_prepared_in_the_same_way()
    {
        Import(processor: """{ "size": { "height": 32, "width": 32 }, "resample": 3 }""");
        using (var encoder = VitImport.Load(_folder.File("model.safetensors"), heads: 12))
            encoder.Save(_folder.File("saved"));

        var loaded = ImageEncoder.ReadOptions(_folder.File("saved"));

        (loaded.Fit, loaded.Interpolation, loaded.Encoder.Heads).Should().Be((ImageFit.Stretch, Interpolation.Bicubic, 12));
    }

    [Theory]
    [InlineData("""{ "model_args": { "act_layer": "gelu_tanh" } }""", "model_args.act_layer = \"gelu_tanh\": expected gelu or quick_gelu.")]
    [InlineData("""{ "model_args": { "scale_mlp_norm": true } }""", "model_args.scale_mlp_norm = true: is unknown")]
    [InlineData("""{ "model_args": { "img_size": 64 } }""", "model_args.img_size = 64: but the weights have 32.")]
    [InlineData("""{ "model_args": { "norm_layer": "rmsnorm" } }""", "model_args.norm_layer = \"rmsnorm\": our ViT has layernorm.")]
    [InlineData("""{ "architecture": "x", "global_pool": "avg" }""", "global_pool = \"avg\": the norms among the weights are those of token.")]
    [InlineData("""{ "pretrained_cfg": { "interpolation": "lanczos" } }""", "pretrained_cfg.interpolation = \"lanczos\": expected bicubic or bilinear.")]
    [InlineData("""{ "pretrained_cfg": { "crop_mode": "border" } }""", "pretrained_cfg.crop_mode = \"border\": expected center or squash.")]
    [InlineData("""{ "pretrained_cfg": { "gamma": 2 } }""", "pretrained_cfg.gamma = 2: is unknown")]
    [InlineData("""{ "model_type": "deit", "num_attention_heads": 6 }""", "model_type = \"deit\": expected vit.")]
    [InlineData("""{ "model_type": "vit", "num_attention_heads": "six" }""", "num_attention_heads = \"six\": expected a whole number.")]
    [InlineData("""{ "model_type": "vit", "patch_size": 8 }""", "patch_size = 8: but the weights have 16.")]
    [InlineData("""{ "model_type": "vit", "use_mask": true }""", "use_mask = true: is unknown")]
    public void A_config_that_our_ViT_cannot_be_is_refused_by_name(string config, string problem) =>
        ErrorOf(config).Should().StartWith(_folder.File("config.json")).And.Contain(problem);

    [Theory]
    [InlineData("""{ "resample": 1 }""", "resample = 1: expected 2 (bilinear) or 3 (bicubic).")]
    [InlineData("""{ "do_resize": false }""", "do_resize = false: our models resize images")]
    [InlineData("""{ "size": 64 }""", "size = 64: but the model's images have 32 x 32 pixels.")]
    [InlineData("""{ "size": { "height": 32, "width": 64 } }""", "size")]
    [InlineData("""{ "size": { "shortest_edge": 32 } }""", "size")]
    [InlineData("""{ "size": 48, "do_center_crop": true, "crop_size": 40 }""", "crop_size = 40: but the model's images have 32 x 32 pixels.")]
    [InlineData("""{ "size": 32, "do_pad": true }""", "do_pad = true")]
    [InlineData("""{ "size": 32, "do_reduce_labels": true }""", "do_reduce_labels = true: is unknown")]
    [InlineData("""{ "size": 32, "image_processor_type": "SwinImageProcessor" }""", "image_processor_type = \"SwinImageProcessor\": expected one of CLIPImageProcessor")]
    [InlineData("""{ }""", "size is not given, which means 224, but the model's images have 32 x 32 pixels.")]
    public void A_processor_that_our_models_do_not_have_is_refused_by_name(string processor, string problem) =>
        ErrorOf(processor: processor).Should().StartWith(_folder.File("preprocessor_config.json")).And.Contain(problem);

    [Fact]
    public void A_rescaling_of_its_own_and_missing_flags_are_folded_into_the_normalisation()
    {
        var scaled = Import(processor: """{ "size": 32, "rescale_factor": 0.00784313725490196, "image_mean": [1, 1, 1], "image_std": [1, 1, 1] }""");
        scaled.Mean.Should().AllSatisfy(mean => mean.Should().BeApproximately(0.5, 1e-9));
        scaled.Std.Should().AllSatisfy(std => std.Should().BeApproximately(0.5, 1e-9));

        var raw = Import(processor: """{ "size": 32, "do_normalize": false, "do_rescale": false }""");
        raw.Mean.Should().Equal(0, 0, 0);
        raw.Std.Should().AllSatisfy(std => std.Should().BeApproximately(1 / 255.0, 1e-9));
    }

    [Fact]
    public void A_config_of_another_kind_is_not_read_and_that_is_said()
    {
        Import("""{ "common": { "num_heads": 2 } }""").Encoder.Heads.Should().Be(6);

        Notes.Should().Contain(note => note.Contains("is not read", StringComparison.Ordinal));
    }
}
