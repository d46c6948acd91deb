using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The training loss of a diffusion process on an encoded batch (paper §3.2–3.4). It drops some conditions, prepares each image's condition once, repeats it
/// R times, draws a level and noise for each copy, denoises, and compares with the clean tokens. All randomness comes from torch's global generator.
/// </summary>
/// <param name="process">The diffusion process, with its objective.</param>
/// <param name="copies">R, how often an image's features are reused.</param>
/// <param name="conditionDropout">Share of images that train the null condition.</param>
/// <param name="ownStates">Share of items whose states are made of the network's own choices.</param>
/// <param name="known">The shares of rows in which some tokens are known from the start; null for none.</param>
public sealed class DiffusionLoss(DiffusionProcess process, int copies = 1, double conditionDropout = 0, double ownStates = 0, KnownTokensOptions? known = null)
{
    private readonly DiffusionProcess _process = process ?? throw new ArgumentNullException(nameof(process));
    private readonly int _copies = copies >= 1 ? copies : throw new ArgumentOutOfRangeException(nameof(copies), copies, "Features are used at least once.");
    private readonly double _conditionDropout = conditionDropout is >= 0 and <= 1 ? conditionDropout
        : throw new ArgumentOutOfRangeException(nameof(conditionDropout), conditionDropout, "A share lies between 0 and 1.");

    /// <summary>The mean loss of a batch.</summary>
    /// <param name="denoiser">The diffusion blocks.</param>
    /// <param name="condition">Condition tokens, shape (B, M, width of the encoder).</param>
    /// <param name="tokens">Clean tokens, shape (B·C, N), int64: C rows of each image side by side, such as its captions.</param>
    /// <param name="tokenWeights">The weight of each token in the loss, shape (B·C, N); 1 if null.</param>
    /// <param name="given">The tokens that the data say are known, which are clean and have no loss: shape (B·C, N), bool; null for none.</param>
    /// <returns>A scalar, float32.</returns>
    public Tensor Compute(Denoiser denoiser, Tensor condition, Tensor tokens, Tensor? tokenWeights = null, Tensor? given = null)
    {
        using var scope = NewDisposeScope();
        var kept = denoiser.DropCondition(condition, _conditionDropout);
        var context = denoiser.Prepare(kept);

        denoiser.Embedding.Count(tokens);
        var clean = tokens.repeat_interleave(_copies, 0); // (B·C·R, N)
        var levels = _process.DrawLevels((int)tokens.shape[0], _copies, (int)tokens.shape[1], tokens.device);
        using var space = CreateSpace(denoiser, clean);
        var shown = ownStates == 0 ? clean : OwnChoices(denoiser, space, clean, levels, context);
        var corruption = _process.Corrupt(space, shown, levels, new TorchNoise(tokens.device));
        var weights = tokenWeights?.repeat_interleave(_copies, 0);
        if (Known(clean, given) is { } clamped)
        {
            var (state, held) = _process.Hold(new(corruption.State, levels), clean, clamped, space, new TorchNoise(tokens.device));
            corruption = corruption with { State = state, Levels = held! };
            weights = clamped.logical_not() * (weights ?? ones_like(clamped, float32));
        }

        var embedded = space.Embed(corruption.State, corruption.Levels.State);
        var previous = denoiser.TakesPrevious ? Previous(denoiser, corruption, embedded, context) : null;
        var output = denoiser.Project(denoiser.Hidden(embedded, corruption.Levels.Told, context, previous));
        return _process.Loss(output, clean, corruption, weights).MoveToOuterDisposeScope();
    }

    // The tokens of (B·C·R, N) that are known, by the data or by a draw; null where none are.
    private Tensor? Known(Tensor clean, Tensor? given)
    {
        var drawn = known is null ? null : KnownTokens.Draw(known, clean.shape[0], clean.shape[1], clean.device);
        var told = given?.repeat_interleave(_copies, 0);
        return drawn is null || told is null ? drawn ?? told : drawn.logical_or(told);
    }

    // For some rows, what the network takes the tokens for when it sees a noisier state of them, as at the step of sampling before.
    private Tensor OwnChoices(Denoiser denoiser, ITokenSpace space, Tensor clean, NoiseLevels levels, IReadOnlyList<KeyValues> context)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var noise = new TorchNoise(clean.device);
        var earlier = _process.StepBefore(levels);
        var corruption = _process.Corrupt(space, clean, earlier, noise);
        using var output = denoiser.Project(denoiser.Hidden(space.Embed(corruption.State, earlier.State), earlier.Told, context));
        var chosen = ToOne.Argmax.Choose(_process.Scores(output, space, corruption.State, earlier), noise);
        return where(rand([clean.shape[0], 1], float32, clean.device).IsBelow(ownStates), chosen, clean).MoveToOuterDisposeScope();
    }

    // The network's own prediction of the same state, without gradients, for half of the rows; zero, as at the first step of sampling, for the others.
    private Tensor Previous(Denoiser denoiser, Corruption corruption, Tensor embedded, IReadOnlyList<KeyValues> context)
    {
        const double share = 0.5;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var output = denoiser.Project(denoiser.Hidden(embedded, corruption.Levels.Told, context));
        var mean = corruption.Space.Embed(_process.Scores(output, corruption.Space, corruption.State, corruption.Levels));
        return (mean * rand([mean.shape[0], 1, 1], float32, mean.device).IsBelow(share)).MoveToOuterDisposeScope();
    }

    // Cholesky factors need full precision.
    private ITokenSpace CreateSpace(Denoiser denoiser, Tensor tokens)
    {
        using (Autocast.Disabled(tokens.device))
            return _process.CreateSpace(denoiser.Embedding.Weight, tokens.numel(), denoiser.Embedding.LogPrior());
    }
}
