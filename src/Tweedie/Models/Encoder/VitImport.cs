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
    /// <param name="path">The weights, in one file or as the index of several; files beside them that say more are read too, and obeyed or refused.</param>
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
        var notes = new List<string>(config.Notes);
        var size = Size(map.Shapes(header), path, heads ?? config.Heads, notes) with { Activation = config.Activation, NormEpsilon = config.NormEpsilon };
        double[] halves = [.. Enumerable.Repeat(0.5, size.Channels)];
        var read = Fault.Of(FaultKind.Model, () => config.Input(new ImageEncoderOptions { Encoder = size }));
        config.Check(size);
        if ((mean is null && read.Mean.Count == 0) || (std is null && read.Std.Count == 0))
            notes.Add("mean and std of 0.5 are a guess: no file beside the weights tells them; others can be given.");
        var options = read with { Mean = mean ?? (read.Mean.Count > 0 ? read.Mean : halves), Std = std ?? (read.Std.Count > 0 ? read.Std : halves) };
        OptionsValidator.Validate(options, path);
        ModelSize.Check(path, ModelCost.Encoder(size).Parameters);
        var network = new VisionTransformer(size);
        try
        {
            SafeTensors.LoadInto(network, path, map);
            return new ImageEncoder(options, network) { Notes = notes };
        }
        catch
        {
            network.Dispose();
            throw;
        }
    }

    private static VisionTransformerOptions Size(ILookup<string, IReadOnlyList<long>> shapes, string path, int? heads, List<string> notes)
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
            Heads = heads ?? GuessHeads(),
            MlpRatio = (double)hidden[0] / width,
            Pooling = shapes.Contains("fc_norm.weight") ? Pooling.Mean : Pooling.ClassToken,
        };

        int GuessHeads()
        {
            if (!PublishedHeads.TryGetValue(width, out var published))
                throw TweedieException.Naming(
                    $"{path}: the weights do not tell the attention heads, and no published ViT has the width {width}; give {new OptionName("heads", "heads")}.");
            notes.Add($"{published} heads are a guess: no file beside the weights tells them, and published ViTs of width {width} have as many; another number can be given.");
            return published;
        }

        IReadOnlyList<long> Shape(string name, int dimensions) => shapes[name].FirstOrDefault() is { } shape && shape.Count == dimensions ? shape
            : throw new TweedieException($"{path}: is no vision Transformer: it has no {name} with {dimensions} dimensions.", FaultKind.Model);
    }

    [GeneratedRegex(@"^blocks\.[0-9]+\.")]
    private static partial Regex BlockNumber();
}
