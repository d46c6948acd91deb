namespace Tweedie.Onnx;

/// <summary>The noise level of a state, which broadcasts to (B, N). In single precision, 1−ᾱ needs a number of its own.</summary>
/// <param name="AlphaBar">ᾱ.</param>
/// <param name="Variance">1−ᾱ.</param>
internal sealed record LevelsGraph(Value AlphaBar, Value Variance)
{
    /// <summary>√ᾱ, shape (…, 1).</summary>
    public Value Signal => AlphaBar.Apply("Sqrt").Unsqueeze(-1);

    /// <summary>√(1−ᾱ), shape (…, 1).</summary>
    public Value Deviation => Variance.Apply("Sqrt").Unsqueeze(-1);
}
