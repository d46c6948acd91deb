using Tweedie.Networks;

namespace Tweedie.Bench;

/// <summary>A head's sizes. The defaults are a caption model with CLIP's vocabulary on the patch tokens of a ViT-B/16.</summary>
internal sealed record Sizes(int Classes = 49_408, int Width = 512, int Depth = 6, int Heads = 8, int Tokens = 24, int ConditionTokens = 196)
{
    public const int ConditionWidth = 768;

    public Denoiser Create() =>
        new(new DenoiserOptions { Width = Width, Depth = Depth, Heads = Heads }, Classes, Tokens, ConditionWidth);

    public override string ToString() =>
        $"K = {Classes:N0}, d = {Width}, {Depth} blocks, {Tokens} tokens, {ConditionTokens} condition tokens";
}
