namespace Tweedie.Sampling;

/// <summary>A level of noise that sampling visits.</summary>
/// <param name="Timestep">The time that the network is told, on the training scale 0..T−1.</param>
/// <param name="AlphaBar">ᾱ of the state, 0 to 1; in masked diffusion and autoregression the share of tokens that are decided. It need not be the ᾱ of the timestep.</param>
public sealed record NoiseLevel(int Timestep, double AlphaBar);
