using TorchSharp;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The bound of masked diffusion (Sahoo et al. 2024, MDLM): ∫ E[Σ −log p̂ of the hidden tokens]/m dm over the probability m of being hidden, which is the 1/t-weighted
/// cross-entropy, because m = (1−ε)·t. Training has t in [ε, 1] (<see cref="LogLinearMasking"/>). What lies beyond is not left out: a first step goes from all tokens
/// hidden to t = 1 and reveals a share ε of them (the start), and a last step reveals what is still hidden at t = ε (the end). The discrete form is that of ancestral
/// unmasking in equal steps from m = 1 to 0, and has no ends.
/// </summary>
internal sealed class MaskedBound : PathBound
{
    private const double Most = 1 - LogLinearMasking.Epsilon; // m at t = 1
    private const double Least = Most * LogLinearMasking.Epsilon; // m at t = ε

    private readonly LevelCells _cells; // over the share of visible tokens, 1 − m
    private readonly bool _areSteps;

    /// <summary>Creates the bound.</summary>
    /// <param name="process">The process.</param>
    /// <param name="options">How it is estimated; valid.</param>
    public MaskedBound(MaskedDiffusion process, LikelihoodOptions options) : base(process, options.Draws ?? LikelihoodOptions.DefaultDraws)
    {
        _areSteps = options.Steps is not null;
        double[] edges = options.Steps is { } steps ? [.. SamplingPlan.Masked(steps).Select(level => level.AlphaBar), 1] : [1 - Most, 1 - Least];
        _cells = new(edges, Enumerable.Repeat(1.0, edges.Length - 1), _areSteps);
    }

    /// <inheritdoc/>
    protected override LevelCells Cells(ITokenSpace space) => _cells;

    /// <inheritdoc/>
    protected override Tensor Cost(IDenoiser denoiser, Rows rows, double[] places, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        var hidden = tensor(places, [places.Length, 1], device: rows.Tokens.device).SubtractedFrom(1);
        return (LossOfHidden(denoiser, rows, hidden, noise) / hidden).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override (Tensor Start, Tensor End) Ends(IDenoiser denoiser, Rows rows, INoiseSource noise)
    {
        var tokens = rows.Tokens;
        using var scope = NewDisposeScope();
        if (_areSteps)
            return (zeros(tokens.shape, float64, tokens.device).MoveToOuterDisposeScope(), zeros(tokens.shape, float64, tokens.device).MoveToOuterDisposeScope());
        var start = LossOfHidden(denoiser, rows, TensorArithmetic.Filled([1, 1], 1, float64, tokens.device), noise).Times(1 - Most);
        var end = LossOfHidden(denoiser, rows, TensorArithmetic.Filled([1, 1], Least, float64, tokens.device), noise);
        return (start.MoveToOuterDisposeScope(), end.MoveToOuterDisposeScope());
    }

    // −log p̂ of the tokens that are hidden with a probability, unless they are known, and 0 for the others: (B, N). Only the hidden tokens are projected.
    private Tensor LossOfHidden(IDenoiser denoiser, Rows rows, Tensor probability, INoiseSource noise)
    {
        var tokens = rows.Tokens;
        using var scope = NewDisposeScope();
        var space = denoiser.Space as MaskedSpace ?? throw new ArgumentException("The bound of masked diffusion needs a denoiser of hidden tokens.", nameof(denoiser));
        var times = probability.Over(Most);
        var hidden = LogLinearMasking.Hidden(noise.Uniform(NoisePurpose.State, tokens.shape[0], tokens.shape[1], 1).squeeze(2).to(float64), times);
        if (rows.Known is { } known)
            hidden = hidden.logical_and(known.logical_not());
        var losses = zeros(tokens.shape, float64, tokens.device);
        if (!hidden.any().item<bool>())
            return losses.MoveToOuterDisposeScope();
        using Scalar mask = space.Mask, visible = 0.0;
        var levels = new NoiseLevels(times.SubtractedFrom(1).clamp(min: visible), zeros([1, 1], float32, tokens.device));
        using var scores = Scores(denoiser, tokens.masked_fill(hidden, mask), levels);
        using var ofHidden = scores.At(hidden);
        return losses.masked_scatter(hidden, ofHidden.NatsOf(tokens.masked_select(hidden).unsqueeze(0))).MoveToOuterDisposeScope();
    }
}
