namespace Tweedie.Networks;

/// <summary>What differs between the blocks of families of Transformers; the defaults are the vision Transformer's.</summary>
/// <param name="Activation">The non-linearity of the feed-forward part.</param>
/// <param name="Epsilon">LayerNorm's ε.</param>
/// <param name="IsCausal">Whether a token sees only itself and those before it.</param>
internal sealed record BlockStyle(Activation Activation = Activation.Gelu, double Epsilon = 1e-6, bool IsCausal = false);
