using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// A way to corrupt tokens and to learn to restore them: Gaussian noise about one-hot vectors (<see cref="OneHotDiffusion"/>), hidden tokens
/// (<see cref="MaskedDiffusion"/>) or all tokens from a place on (<see cref="AutoregressiveProcess"/>). Only the process knows what the network's outputs mean.
/// </summary>
public abstract class DiffusionProcess
{
    /// <summary>The number of steps of every sampling, where that is no choice; else null.</summary>
    public virtual int? FixedSteps => null;

    /// <summary>The space to corrupt tokens in.</summary>
    /// <param name="weight">W, shape (d, K), which embeds one-hot vectors.</param>
    /// <param name="tokens">How many tokens will be corrupted before the weights change: in training the tokens of one step, in sampling any number.</param>
    /// <param name="logPrior">The log-probability of each entry at each place before anything is known, shape (N, K), where the network counts it; else null.</param>
    public abstract ITokenSpace CreateSpace(Tensor weight, long tokens = long.MaxValue, Tensor? logPrior = null);

    /// <summary>Takes a network's measured losses, which times and grids by cross-entropy follow. A process that has no such times ignores them.</summary>
    /// <param name="curve">The losses; null where the network measures none.</param>
    public virtual void Follow(LossCurve? curve) { }

    /// <summary>
    /// The levels of a training batch, drawn from torch's global generator: shape (items · copies, 1), or (items · copies, N) where tokens have levels of their
    /// own; the copies of an item stand side by side.
    /// </summary>
    /// <param name="items">B.</param>
    /// <param name="copies">R.</param>
    /// <param name="tokens">N.</param>
    /// <param name="device">Where the tensors are.</param>
    public abstract NoiseLevels DrawLevels(int items, int copies, int tokens, Device device);

    /// <summary>The levels that a trajectory of about 20 steps had a step before it came to some levels.</summary>
    /// <exception cref="NotSupportedException">The process decides each token once, so that no step looks at choices of the step before again.</exception>
    public virtual NoiseLevels StepBefore(NoiseLevels levels) => throw new NotSupportedException("The process decides each token once.");

    /// <summary>Corrupts the tokens of a training batch.</summary>
    /// <param name="space">A space of this process.</param>
    /// <param name="tokens">Clean tokens, shape (B, N), int64.</param>
    /// <param name="levels">Their levels.</param>
    /// <param name="noise">The source of randomness.</param>
    public abstract Corruption Corrupt(ITokenSpace space, Tensor tokens, NoiseLevels levels, INoiseSource noise);

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="output">The network's output for (B, N) tokens.</param>
    /// <param name="tokens">Clean tokens, shape (B, N), int64.</param>
    /// <param name="corruption">What the network was given.</param>
    /// <param name="tokenWeights">The weight of each token in the loss, shape (B, N), for instance less for padding; 1 if null.</param>
    /// <returns>A scalar: the tokens' weighted losses summed over N, averaged over B. Float32.</returns>
    public abstract Tensor Loss(Logits output, Tensor tokens, Corruption corruption, Tensor? tokenWeights = null);

    /// <summary>The levels of a step of sampling, as the network and the space take them.</summary>
    public abstract NoiseLevels Levels(NoiseLevel level, Device device);

    /// <summary>Turns an output of the network into scores of the clean entries. Takes ownership of the output.</summary>
    /// <param name="output">The network's output for (B, N) tokens.</param>
    /// <param name="space">The space of the state.</param>
    /// <param name="state">The state that the network was given.</param>
    /// <param name="levels">The levels of that state.</param>
    public virtual Logits Scores(Logits output, ITokenSpace space, Tensor state, NoiseLevels levels) => output;

    /// <summary>
    /// A state in which some tokens are known, and its levels. Here, where a state holds the tokens themselves, the known ones replace those of the state.
    /// </summary>
    /// <param name="sample">A state and its levels.</param>
    /// <param name="tokens">The known tokens, shape (B, N), int64; anything elsewhere.</param>
    /// <param name="known">Where they are known, shape (B, N), bool.</param>
    /// <param name="space">The space of the state.</param>
    /// <param name="noise">The source of randomness.</param>
    public virtual Sample Hold(Sample sample, Tensor tokens, Tensor known, ITokenSpace space, INoiseSource noise)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return sample with { State = where(known, tokens, sample.State) };
    }

    /// <summary>The reverse process that sampling options describe.</summary>
    /// <param name="options">The options, complete.</param>
    /// <param name="endToken">The token that ends a sentence, for <see cref="SamplingOptions.StopWhenStable"/>; null counts all tokens.</param>
    /// <param name="paddingToken">The token that fills places behind it, for <see cref="SamplingOptions.LengthBias"/>; null for none.</param>
    /// <exception cref="TweedieException">The options ask for something that the process cannot do.</exception>
    public abstract IReverseProcess Reverse(SamplingOptions options, long? endToken = null, long? paddingToken = null);

    /// <summary>The bound of −log p of tokens, or −log p itself where the process can compute it.</summary>
    /// <param name="options">How it is estimated.</param>
    /// <exception cref="TweedieException">An option has no use here, or the network predicts no distribution of tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There are no draws or no steps.</exception>
    /// <exception cref="NotSupportedException">No bound is known for the process.</exception>
    public virtual ILikelihoodBound Bound(LikelihoodOptions options) => throw new NotSupportedException("No bound of the likelihood is known for this process.");
}
