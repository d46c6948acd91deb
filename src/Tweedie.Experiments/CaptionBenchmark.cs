using Tweedie.Evaluation;
using Tweedie.Experiments.Cells;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Experiments;

/// <summary>A captioned data set with the settings that its trainings share, and the CLIP that judges the captions.</summary>
public sealed record CaptionBenchmark
{
    /// <summary>A short name for files.</summary>
    public required string Name { get; init; }

    /// <summary>The name that readers see.</summary>
    public required string Title { get; init; }

    /// <summary>The shared settings; the method and the seed change.</summary>
    public required CaptionRun Run { get; init; }

    /// <summary>The training of the judge; null where a published CLIP is in <see cref="ClipFolder"/>.</summary>
    public ClipRun? Clip { get; init; }

    /// <summary>The folder of a published CLIP.</summary>
    public string? ClipFolder { get; init; }

    /// <summary>Number of seeds: 1, 2, ….</summary>
    public required int Seeds { get; init; }

    /// <summary>Number of sampling steps.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>The guidance scale.</summary>
    public double Guidance { get; init; } = 1;

    /// <summary>Images that are denoised at a time.</summary>
    public const int BatchSize = 100;

    /// <summary>The training images and vocabulary of a data set that is not at hand, for the plan.</summary>
    public (int Images, int Vocabulary)? PublishedSize { get; init; }

    /// <summary>The training of a method and seed.</summary>
    public TrainingCell Training(TokenMethod method, long seed) => new(
        Run with { Seed = seed, Model = Run.Model with { Method = method } }, $"{Title}: {method.ToString().ToUpperInvariant()} captions");

    /// <summary>
    /// The captions of a method, one cell per seed: masked diffusion at all steps; one-hot diffusion also at one step, by consensus and with the control.
    /// </summary>
    public IReadOnlyList<CaptionCell> Captions(TokenMethod method) => [.. Enumerable.Range(1, Seeds).Select(seed => new CaptionCell(Training(method, seed), new EvaluationSettings
    {
        Steps = method == TokenMethod.Tdd ? [1, Steps] : [Steps],
        Guidance = [Guidance],
        Decode = method == TokenMethod.Tdd ? [DecodeKind.Last, DecodeKind.Consensus] : [DecodeKind.Last],
        Control = method == TokenMethod.Tdd ? ControlKind.Beside : ControlKind.None,
        Seed = seed,
        BatchSize = BatchSize,
    }))];

    /// <summary>The CLIP scores of all captions, seed by seed: first those of masked diffusion, then those of one-hot diffusion.</summary>
    public ClipScoreCell Scores() => new(
        [.. Captions(TokenMethod.Mdd), .. Captions(TokenMethod.Tdd)], Clip is null ? null : new TrainingCell(Clip, $"{Title}: CLIP, the judge"), ClipFolder);

    /// <summary>Single sentences of one-hot diffusion, seed 1.</summary>
    public CaptionTraceCell Traces() => new(Training(TokenMethod.Tdd, seed: 1), new SamplingOptions { Steps = Steps, Guidance = Guidance, Seed = 1 });
}
