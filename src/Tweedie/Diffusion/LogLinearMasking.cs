using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The forward process of masked diffusion with log-linear noise (Sahoo et al. 2024, MDLM): at time t in (0, 1] each token is hidden independently with
/// probability (1−ε)·t, and the loss of a hidden token has the weight 1/t.
/// </summary>
internal static class LogLinearMasking
{
    /// <summary>ε, which keeps the noise rate finite at t = 1, and t away from 0.</summary>
    public const double Epsilon = 1e-3;

    /// <summary>
    /// Times in [ε, 1], stratified over the batch: item i of n draws from the i-th of n equal slices, at the place that its own uniform number gives.
    /// </summary>
    /// <param name="uniforms">Shape (B), in [0, 1).</param>
    public static Tensor Times(Tensor uniforms)
    {
        using var scope = NewDisposeScope();
        var items = uniforms.shape[0];
        var slices = TensorArithmetic.Counting(items, uniforms.dtype, uniforms.device).Over(items);
        var stratified = uniforms.Over(items).Plus(slices).remainder(TensorArithmetic.One);
        return stratified.Times(1 - Epsilon).Plus(Epsilon).MoveToOuterDisposeScope();
    }

    /// <summary>Which tokens are hidden: those whose uniform number is below (1−ε)·t.</summary>
    /// <param name="uniforms">Shape (B, N), in [0, 1).</param>
    /// <param name="times">t; broadcasts to (B, N).</param>
    /// <returns>Shape (B, N), bool.</returns>
    public static Tensor Hidden(Tensor uniforms, Tensor times)
    {
        using var scope = NewDisposeScope();
        return (uniforms < times.Times(1 - Epsilon)).MoveToOuterDisposeScope();
    }
}
