using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// One step of the reverse process. Its tensors are valid until the stream moves on; clone what must live longer.
/// </summary>
/// <param name="Index">0-based number of the step.</param>
/// <param name="Count">Number of steps of the plan.</param>
/// <param name="Timestep">t, 0..T−1.</param>
/// <param name="AlphaBar">ᾱ_t of the state that the network saw.</param>
/// <param name="Logits">Guided logits of K entries a token, projected on demand.</param>
/// <param name="Choice">The to-one choice, made on demand.</param>
public sealed record DenoisingStep(int Index, int Count, int Timestep, double AlphaBar, Logits Logits, Choice Choice)
{
    /// <summary>The to-one choice ŷ0, shape (B, N), int64.</summary>
    public Tensor Tokens => Choice.Tokens;

    /// <summary>softmax of the logits, shape (B, N, K), float32; a new tensor that the caller owns.</summary>
    public Tensor Probabilities() => Logits.Probabilities();

    /// <summary>In masked diffusion, the tokens that stay hidden after the step: shape (B, N), bool. Else null.</summary>
    public Tensor? Hidden { get; init; }

    /// <summary>True for the step whose tokens are the result: the plan's last, or the one at which sampling stopped early.</summary>
    public bool IsLast { get; init; } = Index == Count - 1;
}
