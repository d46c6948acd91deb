using Tweedie.Networks;

namespace Tweedie.Models;

/// <summary>What a model costs, computed from its options without building it.</summary>
public static class ModelCost
{
    /// <summary>The parts of a classifier: encoder, then head.</summary>
    public static IReadOnlyList<PartCost> Of(ClassifierOptions options) => Of(options, options.ClassNames.Count);

    /// <summary>The parts of a model of tokens: encoder, then diffusion blocks or head.</summary>
    /// <param name="options">The sizes.</param>
    /// <param name="classes">K, the number of classes or vocabulary entries.</param>
    public static IReadOnlyList<PartCost> Of(ITokenModelOptions options, long classes)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options is TokenModelOptions image ? Of(image, classes)
            : [Denoiser(options.Denoiser, classes, options.Length, conditionTokens: 1, conditionWidth: 1, options.Method == TokenMethod.Ar)];
    }

    private static IReadOnlyList<PartCost> Of(TokenModelOptions options, long classes)
    {
        var inputs = (long)options.ConditionTokens * options.ConditionWidth;
        var encoder = options.Features is null ? Encoder(options.Encoder) : new("frozen encoder's features", options.ConditionTokens > 1 ? inputs : 0, 0, 0); // positions
        return options is ClassifierOptions { Method: TokenMethod.Mlp, HiddenWidth: var hidden }
            ? [encoder, new("MLP head", inputs * hidden + hidden + hidden * classes + classes, inputs * hidden + hidden * classes, 0)]
            : options.HasHead ? [encoder, new("linear head", inputs * classes + classes, inputs * classes, 0)]
            : [encoder, Denoiser(options.Denoiser, classes, options.Length, options.ConditionTokens, options.ConditionWidth, options.Method == TokenMethod.Ar)];
    }

    /// <summary>The towers of a CLIP; the text tower's multiply-adds are those of one text.</summary>
    public static IReadOnlyList<PartCost> Of(ClipOptions options)
    {
        var (image, text) = (options.Image, options.Text);
        long width = image.Width, tokens = 1 + image.Patches, patch = 3L * image.PatchSize * image.PatchSize * width;
        var (imageParameters, imageProducts) = Blocks(width, image.MlpRatio, image.Depth, tokens, tokens);
        var (textParameters, textProducts) = Blocks(text.Width, text.MlpRatio, text.Depth, text.Length, text.Length);
        return
        [
            new("image tower", patch + (1 + tokens) * width + imageParameters + 4 * width + width * options.EmbeddingWidth,
                image.Patches * patch + imageProducts + width * options.EmbeddingWidth, 0),
            new("text tower", (long)(text.VocabularySize + text.Length) * text.Width + textParameters + 2 * text.Width + (long)text.Width * options.EmbeddingWidth + 1,
                textProducts + (long)text.Width * options.EmbeddingWidth, 0), // and the temperature
        ];
    }

    /// <summary>The image encoder, without a class head.</summary>
    public static PartCost Encoder(VisionTransformerOptions options)
    {
        long width = options.Width, tokens = options.ClassTokens + options.Patches;
        var patch = (long)options.Channels * options.PatchSize * options.PatchSize * width;
        var (parameters, products) = Blocks(width, options.MlpRatio, options.Depth, tokens, tokens);
        return new("encoder", patch + width + (options.ClassTokens + tokens) * width + parameters + 2 * width, options.Patches * patch + products, 0);
    }

    /// <summary>The diffusion head: the condition's keys and values are computed once per image, the noisy tokens at every step.</summary>
    /// <param name="options">The head's size.</param>
    /// <param name="classes">K.</param>
    /// <param name="tokens">N.</param>
    /// <param name="conditionTokens">M.</param>
    /// <param name="conditionWidth">Width of a condition token as the encoder gives it.</param>
    /// <param name="isCausal">Whether a step computes one token, which attends to at most all others.</param>
    public static PartCost Denoiser(DenoiserOptions options, long classes, long tokens, long conditionTokens, long conditionWidth, bool isCausal = false)
    {
        const long frequencies = 256;
        long width = options.Width;
        var (blocks, products) = Blocks(width, options.MlpRatio, options.Depth, tokens, tokens + conditionTokens);
        var (_, wholeBlocks) = Blocks(width, options.MlpRatio, options.ProjectsCondition ? 0 : options.Depth - 1, conditionTokens, conditionTokens);
        var parameters = classes * width + (tokens > 1 ? tokens * width : 0) // W, positions
            + (frequencies + width + 2) * width                              // timestep embedding
            + conditionWidth * width + width + conditionWidth                // condition embedding, null condition
            + (options.SelfConditioning ? width * width : 0) + (options.Neighbors && !isCausal ? 2 * width * width : 0)
            + blocks + 2 * width + width * classes + classes;                // blocks, norm, output layer
        var lastKeys = options.ProjectsCondition ? options.Depth : 1; // keys and values of the blocks that the condition does not pass through
        var perImage = conditionTokens * (conditionWidth * width + 2 * lastKeys * width * width) + wholeBlocks;
        var perStep = (2 + (options.SelfConditioning ? 1 : 0)) * tokens * classes * width + (frequencies + width) * width + products;
        if (!isCausal)
            return new("denoiser", parameters, perImage, perStep);
        var (_, oneToken) = Blocks(width, options.MlpRatio, options.Depth, 1, tokens + conditionTokens);
        return new("denoiser", parameters, perImage, classes * width + oneToken) { PerRow = perStep };
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
