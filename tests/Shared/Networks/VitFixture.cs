using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tweedie.Networks;

namespace Tweedie.Tests.Networks;

/// <summary>What <c>fixtures/vit-tiny-timm</c> says about its networks.</summary>
internal static partial class VitFixture
{
    private const string Name = "fixtures/vit-tiny-timm";

    /// <summary>The folder; skips the calling test where it does not exist.</summary>
    public static string Folder => Shared.Path(Name);

    /// <summary>The size of a case's network.</summary>
    public static VisionTransformerOptions Options(string @case)
    {
        var config = Shared.Json(Name + "/config.json");
        var common = config.GetProperty("common");
        int Number(string key) => common.GetProperty(key).GetInt32();
        return new VisionTransformerOptions
        {
            ImageSize = Number("img_size"),
            Channels = Number("in_chans"),
            PatchSize = Number("patch_size"),
            Width = Number("embed_dim"),
            Depth = Number("depth"),
            Heads = Number("num_heads"),
            MlpRatio = common.GetProperty("mlp_ratio").GetDouble(),
            Pooling = config.GetProperty("cases").GetProperty(@case).GetProperty("global_pool").GetString() == "avg" ? Pooling.Mean : Pooling.ClassToken,
        };
    }

    /// <summary>The parameters of the encoder in timm's published sizes. Each entry of the file is a variant of a model, with its head or without.</summary>
    public static IEnumerable<(string Name, VisionTransformerOptions Options, long Parameters)> PublishedCounts()
    {
        foreach (var model in Shared.Json(Name + "/param_counts.json").EnumerateObject())
        {
            var config = model.Value.GetProperty("config");
            foreach (var entry in model.Value.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Number))
            {
                var variant = Variant().Match(entry.Name);
                variant.Success.Should().BeTrue($"{model.Name}.{entry.Name} is an entry that the test knows");
                int Number(string group, int otherwise) => variant.Groups[group].Success ? int.Parse(variant.Groups[group].Value, CultureInfo.InvariantCulture) : otherwise;
                var width = config.GetProperty("embed_dim").GetInt32();
                var classes = Number("classes", 0);
                yield return ($"{model.Name}.{entry.Name}", new VisionTransformerOptions
                {
                    Width = width,
                    Depth = config.GetProperty("depth").GetInt32(),
                    Heads = config.GetProperty("num_heads").GetInt32(),
                    PatchSize = config.GetProperty("patch_size").GetInt32(),
                    ImageSize = Number("image", config.GetProperty("img_size").GetInt32()),
                    Pooling = variant.Groups["pool"].Success ? Pooling.Mean : Pooling.ClassToken,
                }, entry.Value.GetInt64() - classes * (width + 1L));
            }
        }
    }

    // num_classes_1000, num_classes_1000_img448, no_head, avgpool_1000, avgpool_no_head
    [GeneratedRegex("^(?<pool>avgpool_)?(num_classes_)?((?<classes>[0-9]+)|no_head)(_img(?<image>[0-9]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Variant();
}
