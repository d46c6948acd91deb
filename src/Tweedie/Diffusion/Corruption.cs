using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>Corrupted tokens of a training batch, with all that their loss needs.</summary>
/// <param name="Space">The space of the state.</param>
/// <param name="State">What the network is given, a state of the token space.</param>
/// <param name="Levels">The noise of each token.</param>
/// <param name="Noise">ε, shape (B, N, dimensions), where the state is Gaussian; else null.</param>
public sealed record Corruption(ITokenSpace Space, Tensor State, NoiseLevels Levels, Tensor? Noise = null);
