using System.ComponentModel.DataAnnotations;

namespace Tweedie.Sampling;

/// <summary>How a diffusion model is sampled. An option that is null takes the model's own default.</summary>
public sealed record SamplingOptions
{
    /// <summary>Number of steps, at most the model's timesteps. A classifier's default is 20, the paper's best (Fig. 5), a captioner's is 100. An autoregressive model has one per token.</summary>
    [Range(1, 100_000)]
    public int? Steps { get; init; }

    /// <summary>Guidance scale; 1, the default of most models, means no guidance.</summary>
    [Range(0.0, 100.0)]
    public double? Guidance { get; init; }

    /// <summary>How the scale changes over the steps.</summary>
    public GuidanceSchedule GuidanceSchedule { get; init; }

    /// <summary>The to-one rule; argmax, the paper's, is the default of most models.</summary>
    public ToOneKind? ToOne { get; init; }

    /// <summary>
    /// The temperature of multinomial draws, which are from softmax(scores/temperature). 1 is the default. Below 1, likely entries become likelier. Argmax draws nothing and takes no
    /// temperature. It changes what is drawn, and no probability that is reported.
    /// </summary>
    [Range(0.001, 1000.0)]
    public double? Temperature { get; init; }

    /// <summary>
    /// The mass of a nucleus (Holtzman et al. 2020): a multinomial draw is among the smallest set of entries whose mass reaches it, after the temperature; 1, the
    /// default, draws among all. Argmax draws nothing and takes none.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double? TopP { get; init; }

    /// <summary>
    /// For an autoregressive model: how many captions are followed at a time. The result is the one of highest mean log-probability per token, its end token
    /// included. 1, the default, takes the to-one rule's token in every step.
    /// </summary>
    [Range(1, 100)]
    public int? Beams { get; init; }

    /// <summary>For one-hot diffusion: how a step goes on to the next level. The default is the paper's.</summary>
    public SamplerKind? Sampler { get; init; }

    /// <summary>For one-hot diffusion: how the steps are spread over the timesteps. By default they are uniform, as in the paper.</summary>
    public TimestepDistribution? Grid { get; init; }

    /// <summary>For grids in a log-SNR window: its lower end; by default that of the schedule.</summary>
    [Range(-40.0, 40.0)]
    public double? LogSnrMin { get; init; }

    /// <summary>For grids in a log-SNR window: its upper end; by default that of the schedule.</summary>
    [Range(-40.0, 40.0)]
    public double? LogSnrMax { get; init; }

    /// <summary>
    /// For one-hot diffusion: whether samplers take the mean of the predicted distribution for the clean vector, in place of the one token that the to-one rule chooses.
    /// </summary>
    public bool? Soft { get; init; }

    /// <summary>For DDIM: η, the share of fresh noise. 0 is deterministic, and 1 has as much as the posterior.</summary>
    [Range(0.0, 1.0)]
    public double? Eta { get; init; }

    /// <summary>For one-hot diffusion: γ of the noise that is added before each step but the first (Karras et al. 2022): the SNR falls by (1+γ)²; 0 adds none.</summary>
    [Range(0.0, 10.0)]
    public double? Churn { get; init; }

    /// <summary>For samplers that commit tokens: whether a committed token may change, or be taken back for a more confident one.</summary>
    public bool? Revise { get; init; }

    /// <summary>
    /// For samplers that commit tokens: whether the open tokens follow the grid to lower noise, as all tokens of the paper's loop do. By default they stay at the
    /// highest.
    /// </summary>
    public bool? OpenFollow { get; init; }

    /// <summary>
    /// For one-hot diffusion: asymmetric time (Chen et al. 2023, Bit Diffusion). The network is told the timestep of the state this many steps earlier; 0, the
    /// default, tells the state's own.
    /// </summary>
    [Range(0, 100_000)]
    public int? ToldDelay { get; init; }

    /// <summary>For one-hot diffusion: told timesteps t are mapped to floor·T + (1−floor)·t (Ye et al. 2023, DiNoiSer); 0, the default, changes none.</summary>
    [Range(0.0, 1.0)]
    public double? ToldFloor { get; init; }

    /// <summary>
    /// For the samplers renoise, posterior and ddim: the share of the steps over which the tokens' beginnings are spread. 0, the default, lets all go to
    /// lower noise together; at 1 each goes from the noisiest level to the cleanest in one step.
    /// </summary>
    [Range(0.0, 1.0)]
    public double? Stagger { get; init; }

    /// <summary>With <see cref="Stagger"/>: which tokens begin first; by default the most confident.</summary>
    public TokenOrder? StaggerOrder { get; init; }

    /// <summary>
    /// For one-hot diffusion: a factor on the noise at the start and in every step, while the network is told the levels of unscaled noise. Below 1, states tell more of what was
    /// predicted before than the network takes them to tell, and samples gather at the most probable ones; 0 adds no noise at all. 1 is the default.
    /// </summary>
    [Range(0.0, 4.0)]
    public double? NoiseScale { get; init; }

    /// <summary>
    /// Is taken from the scores of the tokens that end a sentence and fill its row: above 0 sentences grow longer. Methods that fill places in parallel tend to end
    /// too early.
    /// </summary>
    [Range(-100.0, 100.0)]
    public double? LengthBias { get; init; }

    /// <summary>For masked diffusion: which tokens appear first; by default the most confident.</summary>
    public UnmaskingKind? Unmasking { get; init; }

    /// <summary>How the trajectory becomes a prediction. A classifier's default is consensus, a captioner's is last, the paper's rule.</summary>
    public DecodeKind? Decode { get; init; }

    /// <summary>The noise-only control: nothing is fed back; see <see cref="SamplingPlan.Control"/>.</summary>
    public bool Control { get; init; }

    /// <summary>Number of independent trajectories per image: a classifier averages them, a captioner gives one caption per trajectory.</summary>
    [Range(1, 10_000)]
    public int Draws { get; init; } = 1;

    /// <summary>How one of several drawn sentences becomes the answer; by default all of them are.</summary>
    public CandidateChoice Choose { get; init; }

    /// <summary>Stop once every label or sentence of the batch has stayed the same for this many steps; 0, the default, runs all steps. Not for masked diffusion, autoregression or the control.</summary>
    [Range(0, 100_000)]
    public int StopWhenStable { get; init; }

    /// <summary>Seed of noise and draws.</summary>
    public long Seed { get; init; }

    /// <summary>The guidance scale over the steps.</summary>
    public Guidance GuidanceOverSteps() => new(Guidance ?? 1, GuidanceSchedule);

    /// <summary>
    /// These options, with a model's defaults where they are null. What belongs to another sampler, grid or to-one rule is not taken over.
    /// </summary>
    public SamplingOptions Over(SamplingOptions defaults)
    {
        var (sampler, grid) = (Sampler ?? defaults.Sampler, Grid ?? defaults.Grid);
        var (fromSampler, fromGrid) = (sampler == defaults.Sampler ? defaults : this, grid == defaults.Grid ? defaults : this);
        var toOne = ToOne ?? defaults.ToOne ?? ToOneKind.Argmax;
        var fromRule = toOne == defaults.ToOne ? defaults : this;
        return this with
        {
            ToOne = toOne,
            Temperature = Temperature ?? fromRule.Temperature ?? 1,
            TopP = TopP ?? fromRule.TopP ?? 1,
            Beams = Beams ?? (toOne == ToOneKind.Argmax && Draws == 1 ? defaults.Beams : null) ?? 1,
            Unmasking = Unmasking ?? defaults.Unmasking ?? UnmaskingKind.Confidence,
            Steps = Steps ?? defaults.Steps,
            Decode = Decode ?? defaults.Decode,
            Guidance = Guidance ?? defaults.Guidance ?? 1,
            Sampler = sampler,
            Soft = Soft ?? fromSampler.Soft,
            Eta = Eta ?? fromSampler.Eta,
            Churn = Churn ?? fromSampler.Churn,
            Revise = Revise ?? fromSampler.Revise,
            OpenFollow = OpenFollow ?? fromSampler.OpenFollow,
            Grid = grid,
            LogSnrMin = LogSnrMin ?? fromGrid.LogSnrMin,
            LogSnrMax = LogSnrMax ?? fromGrid.LogSnrMax,
            ToldDelay = ToldDelay ?? defaults.ToldDelay,
            ToldFloor = ToldFloor ?? defaults.ToldFloor,
            NoiseScale = NoiseScale ?? defaults.NoiseScale,
            Stagger = Stagger ?? fromSampler.Stagger,
            StaggerOrder = StaggerOrder ?? fromSampler.StaggerOrder,
            LengthBias = LengthBias ?? defaults.LengthBias,
        };
    }
}
