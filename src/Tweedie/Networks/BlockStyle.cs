namespace Tweedie.Networks;

/// <summary>What differs between the blocks of families of Transformers; the defaults are the vision Transformer's.</summary>
/// <param name="Activation">The non-linearity of the feed-forward part.</param>
/// <param name="Epsilon">LayerNorm's ε.</param>
internal sealed record BlockStyle(Activation Activation = Activation.Gelu, double Epsilon = 1e-6);
