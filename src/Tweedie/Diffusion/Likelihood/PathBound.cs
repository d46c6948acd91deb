using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The bound of a process that leads from noise to tokens through states: a start, an integral or a sum over the levels between, and an end. Each item draws its own
/// levels, stratified: draw j of n lies in the j-th of n equal shares of the probability.
/// </summary>
/// <param name="process">The process.</param>
/// <param name="draws">n.</param>
internal abstract class PathBound(DiffusionProcess process, int draws) : ILikelihoodBound
{
    /// <inheritdoc/>
    public int Draws { get; } = draws >= 1 ? draws : throw new ArgumentOutOfRangeException(nameof(draws), draws, "A bound is estimated from at least one draw.");

    /// <inheritdoc/>
    public LikelihoodTerms Estimate(IDenoiser denoiser, Tensor tokens, INoiseSource noise, Tensor? known = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        ArgumentNullException.ThrowIfNull(noise);
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("B", denoiser.Items), ("N", denoiser.Tokens));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var path = zeros(tokens.shape, float64, tokens.device);
        var rows = new Rows(tokens, known);
        var cells = Cells(denoiser.Space);
        for (var draw = 0; draw < Draws && cells.Count > 0; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var drawScope = NewDisposeScope();
            var random = noise.ForStep(draw);
            var (places, weights) = Draw(cells, random, draw, tokens.shape[0]);
            path.Increase(Cost(denoiser, rows, places, random) * weights.to(tokens.device), 1.0 / Draws);
        }
        cancellation.ThrowIfCancellationRequested();
        var (start, end) = Ends(denoiser, rows, noise.ForStep(-1));
        return new(rows.OfOpen(start).MoveToOuterDisposeScope(), rows.OfOpen(path).MoveToOuterDisposeScope(), rows.OfOpen(end).MoveToOuterDisposeScope());
    }

    /// <summary>The cells of the path.</summary>
    protected abstract LevelCells Cells(ITokenSpace space);

    /// <summary>f of each token at a level of each item: shape (B, N), float64.</summary>
    /// <param name="denoiser">The network.</param>
    /// <param name="rows">The tokens.</param>
    /// <param name="places">The coordinate of each item's level.</param>
    /// <param name="noise">The noise of this draw.</param>
    protected abstract Tensor Cost(IDenoiser denoiser, Rows rows, double[] places, INoiseSource noise);

    /// <summary>The first and the last term: shape (B, N) each, float64.</summary>
    protected abstract (Tensor Start, Tensor End) Ends(IDenoiser denoiser, Rows rows, INoiseSource noise);

    /// <summary>Rows of tokens of which some may be known.</summary>
    /// <param name="Tokens">The tokens, shape (B, N), int64.</param>
    /// <param name="Known">Which are known, shape (B, N), bool; null where nothing is.</param>
    protected readonly record struct Rows(Tensor Tokens, Tensor? Known)
    {
        /// <summary>Numbers of tokens, shape (B, N), with 0 for the known ones.</summary>
        public Tensor OfOpen(Tensor numbers) => Known is null ? numbers.alias() : numbers * Known.logical_not();
    }

    /// <summary>A state of rows and its levels, in which known tokens are held as sampling holds them.</summary>
    protected (Tensor State, NoiseLevels Levels) Hold(IDenoiser denoiser, Rows rows, Tensor state, NoiseLevels levels, INoiseSource noise)
    {
        if (rows.Known is not { } known)
            return (state, levels);
        var (held, heldLevels) = process.Hold(new(state, levels), rows.Tokens, known, denoiser.Space, noise);
        return (held, heldLevels!);
    }

    /// <summary>
    /// The scores of the clean entries for a state. A network that takes in its own prediction gets that of the same state, as it can know no other: both passes are
    /// functions of this state alone.
    /// </summary>
    protected Logits Scores(IDenoiser denoiser, Tensor state, NoiseLevels levels)
    {
        var first = process.Scores(denoiser.Predict(state, levels, guidance: 1), denoiser.Space, state, levels);
        if (!denoiser.TakesPrevious)
            return first;
        using (first)
            return process.Scores(denoiser.Predict(state, levels, guidance: 1, denoiser.Space.Embed(first)), denoiser.Space, state, levels);
    }

    private (double[] Places, Tensor Weights) Draw(LevelCells cells, INoiseSource noise, int draw, long items)
    {
        using var uniforms = noise.Uniform(NoisePurpose.Sampler, items, 1, 1).to(float64).cpu();
        var drawn = uniforms.data<double>().Select(uniform => cells.Draw((draw + uniform) / Draws)).ToArray();
        return (Array.ConvertAll(drawn, one => one.At), tensor(Array.ConvertAll(drawn, one => one.Weight), [items, 1]));
    }
}
