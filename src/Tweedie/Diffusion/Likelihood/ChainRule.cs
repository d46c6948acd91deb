using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>−log p of an autoregressive model, exactly: Σ_i −log p(x_i given the tokens before it), in one pass over the row.</summary>
/// <param name="process">The process.</param>
internal sealed class ChainRule(AutoregressiveProcess process) : ILikelihoodBound
{
    /// <inheritdoc/>
    public int Draws => 0;

    /// <inheritdoc/>
    public LikelihoodTerms Estimate(IDenoiser denoiser, Tensor tokens, INoiseSource noise, Tensor? known = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("B", denoiser.Items), ("N", denoiser.Tokens));
        if (denoiser.Space is not PrefixSpace)
            throw new ArgumentException("The likelihood of an autoregressive model needs a denoiser whose tokens see only those before them.", nameof(denoiser));
        cancellation.ThrowIfCancellationRequested();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var levels = NoiseLevels.Of(1, told: 0, tokens.device);
        using var scores = process.Scores(denoiser.Predict(tokens, levels, guidance: 1), denoiser.Space, tokens, levels);
        var nats = scores.NatsOf(tokens);
        if (known is not null)
            nats *= known.logical_not();
        return new(zeros_like(nats).MoveToOuterDisposeScope(), zeros_like(nats).MoveToOuterDisposeScope(), nats.MoveToOuterDisposeScope());
    }
}
