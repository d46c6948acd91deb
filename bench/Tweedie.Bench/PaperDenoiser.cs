using TorchSharp.Modules;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Bench;

/// <summary>
/// The diffusion head as the paper writes it, the baseline of the benchmarks: noisy one-hot vectors of K dimensions through a linear map,
/// joined with the condition tokens at every step, all tokens through all blocks, logits for every token.
/// </summary>
internal sealed class PaperDenoiser : nn.Module
{
    private readonly Linear embed;
    private readonly Linear condition;
    private readonly TimestepEmbedding time;
    private readonly Parameter positions;
    private readonly Parameter none;
    private readonly ModuleList<TransformerBlock> blocks;
    private readonly LayerNorm norm;
    private readonly Linear head;

    public PaperDenoiser(Sizes sizes) : base(nameof(PaperDenoiser))
    {
        embed = nn.Linear(sizes.Classes, sizes.Width, hasBias: false);
        condition = nn.Linear(Sizes.ConditionWidth, sizes.Width);
        time = new TimestepEmbedding(sizes.Width);
        positions = new Parameter(randn(1, sizes.Tokens, sizes.Width).Times(0.02));
        none = new Parameter(randn(1, 1, Sizes.ConditionWidth).Times(0.02));
        blocks = new ModuleList<TransformerBlock>([.. Enumerable.Range(0, sizes.Depth).Select(_ => new TransformerBlock(sizes.Width, sizes.Heads))]);
        norm = nn.LayerNorm(sizes.Width);
        head = nn.Linear(sizes.Width, sizes.Classes);
        RegisterComponents();
    }

    public Tensor NullCondition(Tensor like) => none.expand_as(like);

    /// <summary>Logits (B, N, K) of noisy one-hot vectors (B, N, K).</summary>
    public Tensor Logits(Tensor noisy, Tensor timesteps, Tensor conditionTokens)
    {
        using var scope = NewDisposeScope();
        var precision = head.weight.dtype;
        var tokens = embed.forward(noisy.to(precision)).Plus(positions).Plus(time.forward(timesteps).unsqueeze(1));
        var joined = cat([condition.forward(conditionTokens.to(precision)), tokens], 1);
        foreach (var block in blocks)
            joined = block.forward(joined);
        return head.forward(norm.forward(joined.narrow(1, conditionTokens.shape[1], noisy.shape[1]))).MoveToOuterDisposeScope();
    }
}
