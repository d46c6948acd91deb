using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Platform;
using Tweedie.Sampling;

namespace Tweedie.Training;

/// <summary>How a model is trained. The defaults follow the paper (§4.1, A.1) where it states them.</summary>
public sealed record TrainingOptions : IValidatableObject
{
    /// <summary>Passes over the training images.</summary>
    [Range(1, 1_000_000)]
    public int Epochs { get; init; } = 500;

    /// <summary>Images per step, over all micro-batches.</summary>
    [Range(1, 1_000_000)]
    public int BatchSize { get; init; } = 256;

    /// <summary>
    /// Micro-batches per step (gradient accumulation); divides the batch size. Processes that train together share them, and where there are more processes, each
    /// has one micro-batch. The loss is that of the whole batch, also of a CLIP, whose images are then encoded twice per step.
    /// </summary>
    [Range(1, 100_000)]
    public int Accumulation { get; init; } = 1;

    /// <summary>Peak learning rate for a batch of 256; it is scaled by batchSize/256.</summary>
    [Range(1e-9, 100.0)]
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Epochs of linear warm-up, before the cosine to 0.</summary>
    [Range(0.0, 1_000_000.0)]
    public double WarmupEpochs { get; init; } = 20;

    /// <summary>AdamW's decoupled weight decay; it does not apply to biases, norms and other 1-D parameters.</summary>
    [Range(0.0, 100.0)]
    public double WeightDecay { get; init; } = 0.3;

    /// <summary>AdamW's β₁.</summary>
    [Range(0.0, 0.999999)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>AdamW's β₂.</summary>
    [Range(0.0, 0.999999)]
    public double Beta2 { get; init; } = 0.95;

    /// <summary>The gradient's largest global norm; 0 clips nothing.</summary>
    [Range(0.0, 1e9)]
    public double ClipNorm { get; init; } = 3;

    /// <summary>Decay of the weights' moving average; warmed up as min(decay, (1+n)/(10+n)).</summary>
    [Range(0.0, 0.9999999)]
    public double EmaDecay { get; init; } = 0.9999;

    /// <summary>Arithmetic of matrix products.</summary>
    public Precision Precision { get; init; } = Precision.F32;

    /// <summary>
    /// Numbers in which several processes send each other their gradients. bfloat16 halves the bytes, and rounds each gradient and each sum of two to 8
    /// significant bits. One process sends none, and rounds none.
    /// </summary>
    public Precision GradientPrecision { get; init; } = Precision.F32;

    /// <summary>Label smoothing inside the cross-entropy.</summary>
    [Range(0.0, 0.999)]
    public double LabelSmoothing { get; init; } = 0.1;

    /// <summary>Whether the loss carries the timestep-conditioned coefficient ᾱ_t (paper §3.2).</summary>
    public bool Coefficient { get; init; } = true;

    /// <summary>R, how often an image's features are reused with different timesteps and noise (paper §3.3); 1 for an autoregressive model, which has none.</summary>
    [Range(1, 1024)]
    public int Reuse { get; init; } = 4;

    /// <summary>The distribution of training timesteps.</summary>
    public TimestepDistribution Timesteps { get; init; } = TimestepDistribution.Uniform;

    /// <summary>
    /// Share of the items whose tokens have noise levels of their own, some clean and some noisy; the tokens of the other items share one level. It is 0 in the
    /// paper. Samplers that commit tokens one after the other need it.
    /// </summary>
    [Range(0.0, 1.0)]
    public double TokenLevels { get; init; }

    /// <summary>The levels of the items whose tokens have levels of their own.</summary>
    public LevelPattern LevelPattern { get; init; } = LevelPattern.Scattered;

    /// <summary>
    /// Share of the items whose states are made of the network's own choices, as in sampling: the tokens that it takes for a noisier state, instead of the right
    /// ones. It learns to correct itself (after Savinov et al. 2022, SUNDAE). 0, the default, is the paper.
    /// </summary>
    [Range(0.0, 1.0)]
    public double OwnStates { get; init; }

    /// <summary>For the log-SNR window of timesteps: its lower end.</summary>
    [Range(-40.0, 40.0)]
    public double LogSnrMin { get; init; } = -8;

    /// <summary>For the log-SNR window of timesteps: its upper end.</summary>
    [Range(-40.0, 40.0)]
    public double LogSnrMax { get; init; } = 4;

    /// <summary>Share of images that train the null condition.</summary>
    [Range(0.0, 1.0)]
    public double ConditionDropout { get; init; } = 0.1;

    /// <summary>What happens to a step whose loss or gradient is not finite.</summary>
    [ChangeableOnResume]
    public NonFinitePolicy NonFinite { get; init; } = NonFinitePolicy.Stop;

    /// <summary>With <see cref="NonFinitePolicy.Skip"/>, how many steps of the run may be left out before it ends.</summary>
    [Range(1, 1_000_000), ChangeableOnResume]
    public int MaxSkippedSteps { get; init; } = 10;

    /// <summary>Steps between two lines of the log.</summary>
    [Range(1, 1_000_000), ChangeableOnResume]
    public int LogEvery { get; init; } = 20;

    /// <summary>Epochs between two checkpoints; the last epoch always saves one.</summary>
    [Range(1, 1_000_000), ChangeableOnResume]
    public int CheckpointEpochs { get; init; } = 1;

    /// <summary>Checkpoints kept, newest first.</summary>
    [Range(2, 1000), ChangeableOnResume]
    public int KeepCheckpoints { get; init; } = 2;

    /// <summary>The training objective of a diffusion process.</summary>
    public ObjectiveOptions Objective => new()
    {
        Coefficient = Coefficient,
        LabelSmoothing = LabelSmoothing,
        Timesteps = Timesteps,
        TokenLevels = TokenLevels,
        LevelPattern = LevelPattern,
        LogSnrMin = LogSnrMin,
        LogSnrMax = LogSnrMax,
    };

    /// <summary>Whether processes can share a batch evenly.</summary>
    /// <param name="processes">The number of processes that train together.</param>
    public bool CanShare(int processes) => Math.Max(Accumulation, processes) is var all && all % processes == 0 && BatchSize % all == 0;

    /// <summary>The micro-batches of each process per step.</summary>
    /// <param name="processes">The number of processes that train together.</param>
    /// <exception cref="TweedieException">The processes cannot share the batch evenly.</exception>
    internal int MicroBatches(int processes)
    {
        var all = Math.Max(Accumulation, processes);
        if (all % processes != 0)
            throw new TweedieException($"training.accumulation = {Accumulation}: {processes} processes cannot share so many micro-batches evenly; give a multiple of {processes}, or another number of processes.");
        if (BatchSize % all != 0)
            throw new TweedieException($"training.batchSize = {BatchSize}: {processes} processes cannot share a batch of this size evenly; give a multiple of {all}, or another number of processes.");
        return all / processes;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (BatchSize % Accumulation != 0)
            yield return new ValidationResult($"must divide batchSize ({BatchSize})", [nameof(Accumulation)]);
        if (LogSnrMin >= LogSnrMax)
            yield return new ValidationResult($"must be less than logSnrMax ({LogSnrMax})", [nameof(LogSnrMin)]);
    }
}
