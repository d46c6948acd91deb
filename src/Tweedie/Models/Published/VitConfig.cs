using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>
/// What the <c>config.json</c> beside a published ViT's weights says of it, in Hugging Face's layout or timm's. What the weights tell by themselves is
/// compared with them.
/// </summary>
internal sealed record VitConfig
{
    private const string FileName = "config.json";

    private Action<VisionTransformerOptions> _check = _ => { };

    /// <summary>Attention heads; null where the file does not say them.</summary>
    public int? Heads { get; private init; }

    /// <summary>The non-linearity.</summary>
    public Activation Activation { get; private init; } = Activation.Gelu;

    /// <summary>The norms' ε.</summary>
    public double NormEpsilon { get; private init; } = 1e-6;

    /// <summary>What is worth knowing of the file, one sentence each.</summary>
    public IReadOnlyList<string> Notes { get; private init; } = [];

    /// <summary>Gives options of the encoder the input that the files describe.</summary>
    public Func<ImageEncoderOptions, ImageEncoderOptions> Input { get; private init; } = options => options;

    /// <summary>Compares what the file says of the sizes with those of the weights, and refuses what nothing has read; after <see cref="Input"/>.</summary>
    /// <exception cref="TweedieException">They differ, or a key is unknown.</exception>
    public void Check(VisionTransformerOptions size) => _check(size);

    /// <summary>Reads the files beside the weights; there may be none.</summary>
    /// <exception cref="TweedieException">A file is damaged, or says what our ViT cannot be; the message names the key.</exception>
    public static VitConfig ReadBeside(string weights)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(weights))!;
        var path = Path.Combine(folder, FileName);
        var config = File.Exists(path) ? Read(PublishedJson.Load(path)) : new VitConfig();
        return config with { Input = options => PublishedInput.Apply(folder, config.Input(options), ImageProcessorConfig.Vit) };
    }

    private static VitConfig Read(PublishedJson file)
    {
        if (file.Has("pretrained_cfg") || file.Has("model_args") || file.Has("architecture"))
            return Timm(file);
        return file.Has("hidden_size") || file.Has("num_attention_heads") || file.Has("model_type") ? HuggingFace(file)
            : new VitConfig { Notes = [$"{file.Path} is no config of timm's or Hugging Face's, so it is not read."] };
    }

    private static VitConfig HuggingFace(PublishedJson file)
    {
        if (file.Text("model_type") is not (null or "vit"))
            throw file.Refused("model_type", "expected vit");
        var config = new VitConfig
        {
            Heads = file.Whole("num_attention_heads"),
            Activation = PublishedActivation.Read(file, "hidden_act"),
            NormEpsilon = file.Number("layer_norm_eps") ?? 1e-12,
        };
        const string weights = "the weights have";
        config._check = size =>
        {
            file.Require("hidden_size", size.Width, weights);
            file.Require("num_hidden_layers", size.Depth, weights);
            file.Require("intermediate_size", (int)Math.Round(size.MlpRatio * size.Width), weights);
            file.Require("image_size", size.ImageSize, weights);
            file.Require("patch_size", size.PatchSize, weights);
            file.Require("num_channels", size.Channels, weights);
            file.Finish(HarmlessKeys.HuggingFace, HarmlessKeys.Training, HarmlessKeys.VitHead);
        };
        return config;
    }

    private static VitConfig Timm(PublishedJson file)
    {
        var arguments = file.Section("model_args");
        // Older files have the keys of pretrained_cfg at the top.
        var pretrained = file.Section("pretrained_cfg");
        var isQuick = file.Text("architecture")?.Contains("_quickgelu", StringComparison.Ordinal) == true;
        var config = new VitConfig
        {
            Heads = arguments?.Whole("num_heads"),
            Activation = arguments?.Has("act_layer") == true ? PublishedActivation.Read(arguments, "act_layer") : isQuick ? Activation.QuickGelu : Activation.Gelu,
            Input = options => TimmInput.Apply(pretrained ?? file, options),
        };
        if (arguments?.Text("norm_layer") is not (null or "layernorm" or "LayerNorm"))
            throw arguments!.Refused("norm_layer", "our ViT has layernorm");
        config._check = size =>
        {
            if (arguments is not null)
                CheckArguments(arguments, size);
            CheckPooling(arguments?.Has("global_pool") == true ? arguments : file, size);
            (pretrained ?? file).Finish(HarmlessKeys.Timm, HarmlessKeys.TimmPretrained);
            file.Finish(HarmlessKeys.Timm, HarmlessKeys.TimmPretrained);
        };
        return config;
    }

    private static void CheckArguments(PublishedJson arguments, VisionTransformerOptions size)
    {
        const string weights = "the weights have";
        arguments.Require("embed_dim", size.Width, weights);
        arguments.Require("depth", size.Depth, weights);
        arguments.Require("img_size", size.ImageSize, weights);
        arguments.Require("patch_size", size.PatchSize, weights);
        arguments.Require("in_chans", size.Channels, weights);
        if (arguments.Number("mlp_ratio") is { } ratio && Math.Abs(ratio - size.MlpRatio) > 0.01)
            throw arguments.Refused("mlp_ratio", $"but the weights have {size.MlpRatio}");
        if (arguments.Flag("no_embed_class") == true)
            throw arguments.Refused("no_embed_class", "our ViT has a position for the class token");
        if (arguments.Flag("fc_norm") is { } hasNorm && hasNorm != (size.Pooling == Pooling.Mean))
            throw arguments.Refused("fc_norm", "our ViT has this norm with average pooling alone");
        _ = arguments.Text("global_pool");
        arguments.Finish(HarmlessKeys.TimmArguments);
    }

    private static void CheckPooling(PublishedJson section, VisionTransformerOptions size)
    {
        var expected = size.Pooling == Pooling.Mean ? "avg" : "token";
        if (section.Text("global_pool") is { } pool && pool != expected)
            throw section.Refused("global_pool", $"the norms among the weights are those of {expected}");
    }
}
