using System.Diagnostics;
using Tweedie.Diffusion;
using Tweedie.Evaluation.Captions;
using Tweedie.Models;
using static TorchSharp.torch;

namespace Tweedie.Evaluation;

/// <summary>The captions of one sampling setting under every decoding, batch by batch.</summary>
internal sealed class CaptionSampling
{
    private readonly ImageCaptioner _captioner;
    private readonly SamplingOptions _sampling;
    private readonly Dictionary<DecodeKind, List<string>> _captions;
    private readonly Stopwatch _watch = new();

    /// <exception cref="TweedieException">The model cannot be sampled so.</exception>
    public CaptionSampling(ImageCaptioner captioner, SamplingOptions sampling, CaptionSettings settings)
    {
        (_captioner, _sampling) = (captioner, sampling);
        _captions = settings.Decode.ToDictionary(decode => decode, _ => new List<string>());
        foreach (var decode in settings.Decode)
            captioner.Check(sampling with { Decode = decode }); // before the first batch, which may take long
    }

    /// <summary>Captions a batch.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="seed">The batch's seed.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public void Add(Tensor condition, long seed, CancellationToken cancellation)
    {
        _watch.Start();
        using var consensus = new Consensus();
        using var scope = NewDisposeScope();
        foreach (var step in _captioner.Denoise(condition, _sampling with { Seed = seed }, cancellation))
        {
            if (_captions.ContainsKey(DecodeKind.Consensus))
                consensus.Add(step);
            if (step.IsLast && _captions.TryGetValue(DecodeKind.Last, out var last))
                last.AddRange(_captioner.Sentences(step.Tokens));
        }
        if (_captions.TryGetValue(DecodeKind.Consensus, out var averaged))
            averaged.AddRange(_captioner.Sentences(consensus.Tokens()));
        _watch.Stop();
    }

    /// <summary>One row a decoding.</summary>
    public IEnumerable<CaptionEvaluation> Score(IReadOnlyList<IReadOnlyList<string>> references) => _captions.Select(pair => new CaptionEvaluation(
        _sampling.Steps, _sampling.Guidance, _sampling.ToOne, pair.Key, _sampling.Control, pair.Value,
        CaptionScores.Of([.. pair.Value.Zip(references, TokenizedCaption.Of)]),
        SceneMeaning.RightShare(pair.Value, [.. references.Select(captions => captions[0])]),
        _watch.Elapsed.TotalSeconds));
}
