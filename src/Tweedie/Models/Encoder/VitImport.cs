using System.Text.RegularExpressions;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>
/// Makes an <see cref="ImageEncoder"/> of a published vision Transformer: safetensors under timm's or Hugging Face's names. Its size follows from the shapes
/// of the weights; a class head is left out.
/// </summary>
public static partial class VitImport
{
    private static readonly WeightMap[] Layouts = [WeightMaps.TimmVit, WeightMaps.HuggingFaceVit, WeightMaps.HuggingFaceVitModel];

    /// <summary>Heads of the published sizes, Ti to g, by width.</summary>
    private static readonly Dictionary<int, int> PublishedHeads =
        new() { [192] = 3, [384] = 6, [768] = 12, [1024] = 16, [1280] = 16, [1408] = 16 };

    /// <summary>Reads an encoder.</summary>
    /// <param name="path">The weights; files beside them that say more are read too.</param>
    /// <param name="heads">Attention heads; by default the config's, or those of the published size with this width.</param>
    /// <param name="mean">Mean of each channel of the input; by default the config's, or 0.5.</param>
    /// <param name="std">Standard deviation of each channel of the input; by default the config's, or 0.5.</param>
    /// <exception cref="TweedieException">A file is damaged or holds no ViT that ours can represent, or the number of heads is not known.</exception>
    public static ImageEncoder Load(string path, int? heads = null, IReadOnlyList<double>? mean = null, IReadOnlyList<double>? std = null)
    {
        var header = SafeTensorsHeader.Load(path);
        var map = Layouts.FirstOrDefault(layout => layout.Recognises(header)) ?? throw new TweedieException(
            $"{path}: holds no vision Transformer under timm's or Hugging Face's names: it has no cls_token.", FaultKind.Model);
        var config = Fault.Of(FaultKind.Model, () => VitConfig.ReadBeside(path));
        var size = Size(map.Shapes(header), path, heads ?? config.NumAttentionHeads);
        double[] halves = [.. Enumerable.Repeat(0.5, size.Channels)];
        var options = new ImageEncoderOptions
        {
            Encoder = size,
            Mean = mean ?? config.PretrainedCfg?.Mean ?? halves,
            Std = std ?? config.PretrainedCfg?.Std ?? halves,
        };
        OptionsValidator.Validate(options, path);
        ModelSize.Check(path, ModelCost.Encoder(size).Parameters);
        var network = new VisionTransformer(size);
        try
        {
            SafeTensors.LoadInto(network, path, map);
            return new ImageEncoder(options, network);
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static VisionTransformerOptions Size(ILookup<string, IReadOnlyList<long>> shapes, string path, int? heads)
    {
        var patch = Shape("patch_embed.proj.weight", 4);
        var positions = Shape("pos_embed", 3);
        var hidden = Shape("blocks.0.mlp.fc1.weight", 2);
        var (width, side) = ((int)patch[0], (int)Math.Sqrt(positions[1] - 1));
        if ((long)side * side != positions[1] - 1 || width < 1)
            throw new TweedieException($"{path}: pos_embed has {positions[1]} positions: expected a class token and a square of patches.", FaultKind.Model);
        return new VisionTransformerOptions
        {
            ImageSize = side * (int)patch[2],
            Channels = (int)patch[1],
            PatchSize = (int)patch[2],
            Width = width,
            Depth = shapes.Select(group => BlockNumber().Match(group.Key)).Where(match => match.Success).Select(match => match.Value).Distinct().Count(),
            Heads = heads ?? (PublishedHeads.TryGetValue(width, out var published) ? published
                : throw TweedieException.Naming(
                    $"{path}: the weights do not tell the attention heads, and no published ViT has the width {width}; give {new OptionName("heads", "heads")}.")),
            MlpRatio = (double)hidden[0] / width,
            Pooling = shapes.Contains("fc_norm.weight") ? Pooling.Mean : Pooling.ClassToken,
        };

        IReadOnlyList<long> Shape(string name, int dimensions) => shapes[name].FirstOrDefault() is { } shape && shape.Count == dimensions ? shape
            : throw new TweedieException($"{path}: is no vision Transformer: it has no {name} with {dimensions} dimensions.", FaultKind.Model);
    }

    [GeneratedRegex(@"^blocks\.[0-9]+\.")]
    private static partial Regex BlockNumber();
}
