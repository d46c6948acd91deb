using Tweedie;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom to-one rule: nucleus sampling (Holtzman et al. 2020). It draws one of the most probable entries whose shares together reach p.
/// It looks at the whole distribution, so it fits small vocabularies; the library's rules work in chunks of a large one.
/// </summary>
/// <param name="share">p, above 0 and at most 1; 1 is a draw from the softmax.</param>
public sealed class NucleusDraw(double share) : IToOne
{
    /// <inheritdoc/>
    public bool IsRandom => true;

    /// <inheritdoc/>
    public Tensor Choose(Logits logits, INoiseSource noise, Tensor? picked = null)
    {
        using var scope = NewDisposeScope();
        var (probabilities, entries) = logits.Probabilities().sort(-1, descending: true);
        // An entry belongs to the nucleus where the entries before it do not reach the share: the first one always does.
        var nucleus = (probabilities.cumsum(-1) - probabilities).IsBelow(share);
        var cumulative = (probabilities * nucleus).cumsum(-1);
        var mass = cumulative.narrow(-1, -1, 1);
        // The place of a token's draw is the number of entries whose cumulative share is not above it; rounding must not lead out of the nucleus.
        var place = (cumulative <= Uniform(probabilities.shape, noise, picked) * mass).sum(-1, keepdim: true);
        var last = nucleus.sum(-1, keepdim: true).Plus(-1L);
        return entries.gather(-1, minimum(place, last)).squeeze(-1).MoveToOuterDisposeScope();
    }

    // One number per token. Where only some tokens are asked for, the noise source gives the numbers of these tokens.
    private static Tensor Uniform(long[] shape, INoiseSource noise, Tensor? picked) => picked is null
        ? noise.Uniform(NoisePurpose.ToOne, shape[0], shape[1], 1) : noise.Uniform(NoisePurpose.ToOne, picked, 1);
}
