using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>Parameters and multiply-adds of one part of a model.</summary>
/// <param name="Name">The part.</param>
/// <param name="Parameters">Number of parameters.</param>
/// <param name="MultiplyAdds">Multiply-adds of matrix products and attention, for one image (or one image and step).</param>
public sealed record PartCost(string Name, long Parameters, long MultiplyAdds);

/// <summary>What a model costs, computed from its options without building it.</summary>
public static class ModelCost
{
    /// <summary>The parts of a classifier: encoder, then head.</summary>
    public static IReadOnlyList<PartCost> Of(ClassifierOptions options)
    {
        var (encoder, classes) = (options.Encoder, (long)options.ClassNames.Count);
        var features = (long)encoder.ConditionTokens * encoder.Width;
        return options.Method == ClassifierMethod.Linear
            ? [Encoder(encoder), new("linear head", features * classes + classes, features * classes)]
            : [Encoder(encoder), .. Denoiser(options.Denoiser, classes, 1, encoder.ConditionTokens, encoder.Width)];
    }

    /// <summary>The image encoder, without a class head.</summary>
    public static PartCost Encoder(VisionTransformerOptions options)
    {
        long width = options.Width, tokens = options.ClassTokens + options.Patches;
        var patch = (long)options.Channels * options.PatchSize * options.PatchSize * width;
        var (parameters, products) = Blocks(width, options.MlpRatio, options.Depth, tokens, tokens);
        return new("encoder", patch + width + (options.ClassTokens + tokens) * width + parameters + 2 * width, options.Patches * patch + products);
    }

    private static IEnumerable<PartCost> Denoiser(DenoiserOptions options, long classes, long tokens, long conditionTokens, long conditionWidth)
    {
        const long frequencies = 256;
        long width = options.Width;
        var embedding = classes * width + (tokens > 1 ? tokens * width : 0);
        var time = frequencies * width + width + width * width + width;
        var condition = conditionWidth * width + width + conditionWidth;
        var (blocks, products) = Blocks(width, options.MlpRatio, options.Depth, tokens, tokens + conditionTokens);
        var output = width * classes + classes + 2 * width;
        yield return new("denoiser", embedding + time + condition + blocks + output,
            tokens * 2 * classes * width + frequencies * width + width * width + products);
    }

    // Parameters and multiply-adds of blocks whose tokens attend to a number of keys.
    private static (long Parameters, long MultiplyAdds) Blocks(long width, double mlpRatio, int depth, long tokens, long keys)
    {
        var hidden = (long)(width * mlpRatio);
        var parameters = 4 * width * width + 4 * width + 2 * width * hidden + hidden + width + 4 * width;
        var products = tokens * (4 * width * width + 2 * width * hidden) + 2 * tokens * keys * width;
        return (depth * parameters, depth * products);
    }
}
