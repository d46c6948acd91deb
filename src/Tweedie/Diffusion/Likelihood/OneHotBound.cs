using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The bound of one-hot diffusion (Kingma et al. 2021, VDM; Gulrajani and Hashimoto 2023, Plaid), of the chain that draws from the posterior about the mean of the
/// prediction (<see cref="Posterior"/>): ½·SNR_T·‖v_k‖² + ½∫ E‖v_k − Σ p̂_j·v_j‖² dSNR + E[−log p̂_k at the cleanest level]. The first term is the divergence of the
/// noisiest state from N(0, σ_T²·I), which sampling starts from. SNR = s²ᾱ/(1−ᾱ). v_k is e_k where W loses nothing, and L⁻¹w_k where it embeds K dimensions in fewer
/// (<see cref="GaussianSpace.SquaredDistance"/>). The discrete form has ½(SNR_s − SNR_t) for each step from t to s in the place of ½dSNR.
/// T and the cleanest level are those of the schedule, or of a window of it.
/// </summary>
internal sealed class OneHotBound : PathBound
{
    private const int CellCount = 200; // of the continuous form, equally wide in the log-SNR
    private const double UniformShare = 0.1; // of the draws by importance, so that no level is left out

    private readonly NoiseSchedule _schedule;
    private readonly double[] _edges; // ᾱ/(1−ᾱ), rising
    private readonly bool _areSteps, _seesKnown;
    private readonly LevelProposal _proposal;

    /// <summary>Creates the bound.</summary>
    /// <param name="process">The process.</param>
    /// <param name="options">How it is estimated; valid.</param>
    public OneHotBound(OneHotDiffusion process, LikelihoodOptions options) : base(process, options.Draws ?? LikelihoodOptions.DefaultDraws)
    {
        (_schedule, _areSteps, _seesKnown, _proposal) = (process.Schedule, options.Steps is not null, process.SeesKnown, options.Proposal ?? LevelProposal.Importance);
        _edges = [.. LogSnrs(options).Select(Math.Exp)];
    }

    // The log-SNR at the ends of the cells, rising. A window ends at timesteps that lie in it.
    private IEnumerable<double> LogSnrs(LikelihoodOptions options)
    {
        var hasWindow = options.LogSnrMin is not null || options.LogSnrMax is not null;
        var window = TimeDensity.Create(
            TimestepDistribution.LogSnrWindow, _schedule, options.LogSnrMin ?? double.NegativeInfinity, options.LogSnrMax ?? double.PositiveInfinity);
        var timesteps = window.Quantile(1) - window.Quantile(0) + 1;
        if (options.Steps > timesteps)
            throw new TweedieException(new OptionFault(nameof(options.Steps), $"{options.Steps}",
                $"is more than the {(hasWindow ? "window's" : "model's")} {timesteps} timesteps; use at most {timesteps}."));
        if (options.Steps is { } steps)
            return (hasWindow ? SamplingPlan.Spread(_schedule, window, steps) : SamplingPlan.Uniform(_schedule, steps)).Select(level => _schedule.LogSnr(level.Timestep));
        var (lowest, highest) = (_schedule.LogSnr(window.Quantile(1)), _schedule.LogSnr(window.Quantile(0)));
        return lowest == highest ? [lowest] : Enumerable.Range(0, CellCount + 1).Select(edge => lowest + (highest - lowest) * edge / CellCount);
    }

    /// <summary>Refuses every option that only one-hot diffusion has.</summary>
    /// <exception cref="TweedieException">One of them is given.</exception>
    public static void Refuse(LikelihoodOptions options, string reason)
    {
        Refuse(nameof(options.Proposal), options.Proposal);
        Refuse(nameof(options.LogSnrMin), options.LogSnrMin);
        Refuse(nameof(options.LogSnrMax), options.LogSnrMax);

        void Refuse(string option, object? value)
        {
            if (value is not null)
                throw new TweedieException(new OptionFault(option, FormattableString.Invariant($"{value}").ToLowerInvariant(), reason));
        }
    }

    /// <inheritdoc/>
    protected override LevelCells Cells(ITokenSpace space)
    {
        var count = _edges.Length - 1;
        if (_proposal == LevelProposal.Uniform || count == 0)
            return new(_edges, Enumerable.Repeat(1.0, count), _areSteps);
        var code = Gaussian(space).Code;
        // A context leaves fewer entries open than K. So one part of the draws takes each token for one of K, one for one of √K, and one for one of two.
        double[][] parts = [.. new[] { 2, Math.Max(2, Math.Sqrt(code.Classes)), Math.Max(2, code.Classes) }.Select(Part)];
        return new(_edges, Enumerable.Range(0, count).Select(cell => UniformShare / count + (1 - UniformShare) * parts.Average(part => part[cell])), _areSteps);

        double[] Part(double classes)
        {
            double[] masses = [.. Enumerable.Range(0, count).Select(cell => (_edges[cell + 1] - _edges[cell]) * Doubt(Place(cell), classes, code.Height))];
            var total = masses.Sum(); // 0 where every level is clean
            return Array.ConvertAll(masses, mass => total == 0 ? 1.0 / count : mass / total);
        }

        double Place(int cell) => _areSteps ? _edges[cell] : Math.Sqrt(_edges[cell] * _edges[cell + 1]);
    }

    /// <inheritdoc/>
    protected override Tensor Cost(IDenoiser denoiser, Rows rows, double[] places, INoiseSource noise)
    {
        using var scope = NewDisposeScope();
        using var scores = ScoresAt(denoiser, rows, places, noise);
        return Gaussian(denoiser.Space).SquaredDistance(rows.Tokens, scores).Times(0.5).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    protected override (Tensor Start, Tensor End) Ends(IDenoiser denoiser, Rows rows, INoiseSource noise)
    {
        var tokens = rows.Tokens;
        using var scope = NewDisposeScope();
        var start = Gaussian(denoiser.Space).SquaredDistance(tokens).Times(0.5 * _edges[0]);
        using var scores = ScoresAt(denoiser, rows, [.. Enumerable.Repeat(_edges[^1], (int)tokens.shape[0])], noise);
        var end = scores.NatsOf(tokens);
        return (start.MoveToOuterDisposeScope(), end.MoveToOuterDisposeScope());
    }

    private Logits ScoresAt(IDenoiser denoiser, Rows rows, double[] places, INoiseSource noise)
    {
        var tokens = rows.Tokens;
        if (rows.Known is not null && !_seesKnown)
            throw new TweedieException("likelihood: the model was not trained to see known tokens among noisy ones, so it has no likelihood of some tokens given others; train one with model.diffusion.known.", FaultKind.Model);
        double[] alphaBar = [.. places.Select(ratio => ratio / (1 + ratio))];
        float[] told = [.. alphaBar.Select(value => (float)_schedule.TimestepOf(value))];
        var levels = new NoiseLevels(tensor(alphaBar, [places.Length, 1], device: tokens.device), tensor(told, [places.Length, 1], device: tokens.device));
        var (state, held) = Hold(denoiser, rows, denoiser.Space.Corrupt(tokens, levels.State, noise), levels, noise);
        return Scores(denoiser, state, held);
    }

    // The best guess of a token from its own state alone is wrong with a probability of at most Σ P(another entry looks likelier), each below ½·e^(−SNR/4). A token
    // is then mostly right or wrong, so its squared distance has about that mean and that mean square; draws by the root of the mean square vary least.
    private static double Doubt(double ratio, double classes, double height) => Math.Sqrt(Math.Min(1, (classes - 1) / 2 * Math.Exp(-ratio * height * height / 4)));

    private static GaussianSpace Gaussian(ITokenSpace space) =>
        space as GaussianSpace ?? throw new ArgumentException("The bound of one-hot diffusion needs a denoiser of Gaussian states.", nameof(space));
}
