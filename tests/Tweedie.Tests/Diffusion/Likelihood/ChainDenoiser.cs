using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Likelihood;

/// <summary>The optimal denoiser of a chain in any space, or one that is blurred: it mixes a share of the uniform distribution into its own.</summary>
internal sealed class ChainDenoiser(MarkovChain chain, ITokenSpace space, int items, double blur = 0) : IDenoiser
{
    public ITokenSpace Space => space;

    public long Items => items;

    public long Tokens => chain.Length;

    public Logits Predict(Tensor state, NoiseLevels levels, double guidance, Tensor? previous = null)
    {
        using var scope = NewDisposeScope();
        guidance.Should().Be(1, "a likelihood has no guidance");
        var right = space switch
        {
            PrefixSpace => chain.Next(state),
            MaskedSpace masked => chain.Posterior(Known(state, masked.Mask)),
            _ => chain.Posterior(((GaussianSpace)space).Evidence(state, levels.State).All()),
        };
        return Logits.Of((blur == 0 ? right : right.exp().Times(1 - blur).Plus(blur / chain.Classes).log()).to(float32).MoveToOuterDisposeScope());
    }

    // 0 for the entry of a visible token and −100 for all others; nothing about a hidden token.
    private static Tensor Known(Tensor state, long mask)
    {
        var entries = nn.functional.one_hot(state, mask + 1).to(float64);
        return entries.narrow(-1, 0, mask).Plus(-1).Times(100) * entries.narrow(-1, mask, 1).SubtractedFrom(1);
    }
}
