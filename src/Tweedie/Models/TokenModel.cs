using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// The core of every model that denoises tokens, given an image or nothing: encode once, then sample as often as you like. <see cref="ImageClassifier"/>,
/// <see cref="ImageCaptioner"/> and <see cref="TextGenerator"/> are façades of it. Thread-safe once created.
/// </summary>
public sealed partial class TokenModel : IDisposable
{
    private readonly SharedSpace _space;
    private readonly long? _end;
    private readonly long? _padding;
    private readonly ImageInputOptions? _input;
    private bool _isDisposed;

    /// <summary>Wraps a network; the model owns it and puts it into evaluation mode.</summary>
    /// <param name="network">The network.</param>
    /// <param name="process">The diffusion process that it was trained for; a linear head has no use for it.</param>
    /// <param name="input">How images become its input; null where it has none.</param>
    /// <param name="defaults">How the model is sampled where an option is null; complete.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="end">The token that ends a sentence; null where there is none.</param>
    /// <exception cref="ArgumentException">The defaults leave the steps or the decoding open.</exception>
    /// <param name="extractor">The frozen encoder whose features the network takes; the model owns it. Null where the network has its own encoder.</param>
    /// <param name="padding">The token that fills places behind the end; null where there is none.</param>
    public TokenModel(TokenNetwork network, DiffusionProcess process, ImageInputOptions? input, SamplingOptions defaults, Device? device = null, long? end = null,
        IFeatureExtractor? extractor = null, long? padding = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(process);
        ArgumentNullException.ThrowIfNull(defaults);
        if (defaults is not { Steps: not null, Decode: not null })
            throw new ArgumentException($"{nameof(SamplingOptions.Steps)} and {nameof(SamplingOptions.Decode)} must be given.", nameof(defaults));
        (Network, Process, _input, DefaultSampling, Device, _end) = (network, process, input, defaults with { Steps = process.FixedSteps ?? defaults.Steps }, device ?? CPU, end);
        (Extractor, _padding) = (extractor, padding);
        Network.to(Device);
        Network.eval();
        if (!network.IsLinear)
            Process.Follow(network.Denoiser.LossCurve);
        _space = new SharedSpace(() => Process.CreateSpace(Network.Denoiser.Embedding.Weight, logPrior: Network.Denoiser.Embedding.LogPrior()));
    }

    /// <summary>How images become the network's input.</summary>
    /// <exception cref="InvalidOperationException">The tokens are predicted from nothing.</exception>
    public ImageInputOptions Input => _input ?? throw new InvalidOperationException("The model takes no images.");

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>The network, in evaluation mode. Where its weights change, the next sampling takes them as they are then.</summary>
    public TokenNetwork Network { get; }

    /// <summary>The diffusion process.</summary>
    public DiffusionProcess Process { get; }

    /// <summary>The frozen encoder whose features the network takes; null where the network has its own encoder.</summary>
    public IFeatureExtractor? Extractor { get; }

    /// <summary>How the model is sampled where an option is null.</summary>
    public SamplingOptions DefaultSampling { get; }

    /// <summary>Chooses among several draws where options ask a judge (<see cref="CandidateChoice.Judge"/>); null where there is none. The caller keeps it.</summary>
    public ICandidateJudge? Judge { get; set; }

    /// <summary>What is known of rows of which nothing else is, such as the entries that a place may have: one row for all items. The model owns it. Null where nothing is.</summary>
    internal TokenConstraint? Always { get; init; }

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images)
    {
        CheckNotDisposed();
        return Input.Prepare(images);
    }

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d).</summary>
    /// <exception cref="ArgumentException">The images have another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor Encode(Tensor images)
    {
        CheckNotDisposed();
        TensorArguments.CheckReal(images, nameof(images), ("B", null), ("C", Input.Input.Channels), ("H", Input.Input.Height), ("W", Input.Input.Width));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Network.Condition(Network.TakesFeatures ? Extract(images) : images.to(Device)).MoveToOuterDisposeScope();
    }

    /// <summary>The condition tokens (B, M, d) of rows that are predicted from nothing.</summary>
    /// <param name="items">B, at least 1.</param>
    /// <exception cref="InvalidOperationException">The model has a condition.</exception>
    public Tensor Unconditional(int items)
    {
        CheckNotDisposed();
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        if (!Network.IsUnconditional)
            throw new InvalidOperationException("The model predicts tokens from images; encode some.");
        using var input = zeros([items, 1], float32, Device);
        return Network.Condition(input);
    }

    /// <summary>Features (B, M, d) of the frozen encoder, as a cache keeps them, to condition tokens (B, M, d).</summary>
    /// <exception cref="ArgumentException">The features have another shape or element type.</exception>
    /// <exception cref="InvalidOperationException">The network takes no features.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor EncodeFeatures(Tensor features)
    {
        CheckNotDisposed();
        if (!Network.TakesFeatures)
            throw new InvalidOperationException("The model has an encoder of its own; encode images.");
        TensorArguments.CheckReal(features, nameof(features), ("B", null), ("M", Network.ConditionTokens), ("d", Network.ConditionWidth));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Network.Condition(features.to(Device)).MoveToOuterDisposeScope();
    }

    /// <summary>The sampling options with the model's defaults, checked before work that may take long.</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    public SamplingOptions Resolve(SamplingOptions? sampling)
    {
        CheckNotDisposed();
        var resolved = (sampling ?? DefaultSampling).Over(DefaultSampling);
        OptionsValidator.ValidateMembers(resolved, "sampling");
        if (resolved.Choose == CandidateChoice.Likelihood && Process is not AutoregressiveProcess)
            throw new TweedieException(new OptionFault(nameof(resolved.Choose), "likelihood", "needs the exact likelihood of a whole row, which an autoregressive model (ar) alone has; leave it out."));
        if (resolved.Choose == CandidateChoice.Overlap && _end is null)
            throw new TweedieException(new OptionFault(nameof(resolved.Choose), $"{resolved.Choose}".ToLowerInvariant(), "chooses among sentences, and this model has none; leave it out."));
        if (resolved.Choose == CandidateChoice.Judge && Judge is null)
            throw new TweedieException(new OptionFault(nameof(resolved.Choose), "judge", $"needs a judge of candidates ({nameof(TokenModel)}.{nameof(Judge)}), and there is none; set one, or leave it out."));
        if (resolved is { Choose: not CandidateChoice.None, Draws: 1 })
            throw new TweedieException(new OptionFault(nameof(resolved.Choose), $"{resolved.Choose}".ToLowerInvariant(), "chooses among several draws, and there is one; ask for more."));
        if (Network.IsUnconditional && resolved.Guidance != 1)
            throw new TweedieException(new OptionFault(nameof(resolved.Guidance), FormattableString.Invariant($"{resolved.Guidance}"), "strengthens a condition, and this model has none; leave it out."));
        if (!Network.IsLinear)
            _ = Process.Reverse(resolved, _end, _padding);
        return resolved;
    }

    /// <summary>The reverse process of sampling options with the model's defaults: what <see cref="Denoise(Tensor, SamplingOptions?, TokenConstraint?, CancellationToken)"/> runs.</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    public IReverseProcess Reverse(SamplingOptions? sampling = null) => Process.Reverse(Resolve(sampling), _end, _padding);

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): B·draws trajectories, those of an item side by side.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="sampling">How to sample; null takes the model's defaults.</param>
    /// <param name="constraint">What is known of the rows, of one for all items or of each; null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do. This and the next are thrown by the call.</exception>
    /// <exception cref="ArgumentException">The condition has another shape or element type.</exception>
    /// <exception cref="InvalidOperationException">The head is linear: it has no steps.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        var resolved = Resolve(sampling);
        return Denoise(condition, Process.Reverse(resolved, _end, _padding), resolved.Seed, resolved.Draws, constraint: constraint, cancellation: cancellation);
    }

    /// <summary>The lazy stream of denoising steps of a custom reverse process: its plan, sampler and to-one rule are the caller's.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="reverse">The reverse process, of the model's <see cref="Process"/> or of one that reads the network's outputs as it does.</param>
    /// <param name="seed">Seed of noise and draws.</param>
    /// <param name="draws">Independent trajectories of each item, side by side: the steps hold B·draws items.</param>
    /// <param name="items">What tells the items apart, such as their index in a data set; by default their place in the batch. Noise follows from it.</param>
    /// <param name="constraint">What is known of the rows, of one for all items or of each; null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, IReverseProcess reverse, long seed = 0, int draws = 1, IReadOnlyList<int>? items = null,
        TokenConstraint? constraint = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        ArgumentOutOfRangeException.ThrowIfLessThan(draws, 1);
        return Denoise(condition, reverse, SeedsOf(condition, seed, items, draws), constraint, cancellation);
    }

    /// <summary>
    /// The lazy stream of denoising steps of trajectories that have seeds of their own. A trajectory is the same, to rounding, whatever others are denoised beside it, so
    /// that a server can join what different users ask for.
    /// </summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="reverse">The reverse process, of the model's <see cref="Process"/> or of one that reads the network's outputs as it does.</param>
    /// <param name="seeds">The seed of each of B·draws trajectories, those of an item side by side, such as <see cref="ItemNoise.Seeds"/> gives them.</param>
    /// <param name="constraint">What is known of the rows, of one for all items or of each; null where nothing is. The caller disposes of it, after the stream.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <exception cref="ArgumentException">The condition has another shape or element type, or the number of seeds is no multiple of B.</exception>
    /// <exception cref="InvalidOperationException">The head is linear: it has no steps.</exception>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, IReverseProcess reverse, IReadOnlyList<long> seeds, TokenConstraint? constraint, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(reverse);
        ArgumentNullException.ThrowIfNull(seeds);
        CheckNotDisposed();
        CheckCondition(condition);
        if (seeds.Count == 0 || seeds.Count % condition.shape[0] != 0)
            throw new ArgumentException($"Expected as many seeds as trajectories, a multiple of {condition.shape[0]} items, got {seeds.Count}.", nameof(seeds));
        var tokens = Network.Denoiser.Tokens; // refuses a head
        constraint?.CheckFits(condition.shape[0], tokens);
        return Run(condition, reverse, seeds, constraint, cancellation);
    }

    /// <summary>−log p of tokens given their conditions, or an upper bound of it (docs/likelihood.md), a batch at a time.</summary>
    /// <param name="condition">Condition tokens (B, M, d).</param>
    /// <param name="tokens">The tokens of each condition, shape (B, N), int64.</param>
    /// <param name="options">How it is estimated.</param>
    /// <param name="items">What tells the items apart, such as their index in a data set; by default their place. Levels and noise follow from it and from the seed alone.</param>
    /// <param name="known">
    /// Which tokens are known, shape (B, N), bool: the estimate is then of the other tokens given them, or, of an autoregressive model, each given the tokens before it. Null
    /// where nothing is.
    /// </param>
    /// <param name="cancellation">Checked before each pass of the network.</param>
    /// <exception cref="TweedieException">An option is out of range or has no use for the model, or the network predicts no distribution of tokens.</exception>
    /// <exception cref="ArgumentException">Condition or tokens have another shape or element type, or a token is outside the vocabulary.</exception>
    /// <exception cref="InvalidOperationException">The head is linear: it has no process.</exception>
    /// <exception cref="NotSupportedException">No bound is known for the process.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public LikelihoodEstimate Likelihood(
        Tensor condition, Tensor tokens, LikelihoodOptions? options = null, IReadOnlyList<long>? items = null, Tensor? known = null,
        CancellationToken cancellation = default)
    {
        CheckNotDisposed();
        CheckCondition(condition);
        var (denoiser, chosen, count) = (Network.Denoiser, options ?? new(), condition.shape[0]);
        TensorArguments.CheckTokens(tokens, nameof(tokens), ("B", count), ("N", denoiser.Tokens));
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (tokens.IsBelow(0L).any().item<bool>() || tokens.IsBelow(denoiser.Classes).logical_not().any().item<bool>())
            throw new ArgumentException($"A token is outside the vocabulary, 0..{denoiser.Classes - 1}.", nameof(tokens));
        OptionsValidator.ValidateMembers(chosen, "likelihood");
        var bound = Process.Bound(chosen);
        var estimate = new LikelihoodEstimate(bound.Draws);
        using var lease = _space.Borrow(denoiser.Embedding.Weight);
        for (var start = 0L; start < count; start += chosen.BatchSize)
        {
            using var batchScope = NewDisposeScope();
            var length = Math.Min(chosen.BatchSize, count - start);
            long[] seeds = [.. Enumerable.Range((int)start, (int)length).Select(item => Seeds.Derive(chosen.Seed, SeedPurpose.Likelihood, items?[item] ?? item))];
            using var conditioned = new ConditionedDenoiser(denoiser, condition.narrow(0, start, length).to(Device), lease.Space);
            using var terms = bound.Estimate(conditioned, tokens.narrow(0, start, length).to(Device), new ItemNoise(seeds, Device), known?.narrow(0, start, length).to(Device), cancellation);
            estimate.Add(terms, known?.narrow(0, start, length));
        }
        return estimate;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _space.Dispose();
        Always?.Dispose();
        Network.Dispose();
        Extractor?.Dispose();
    }

    /// <summary>Refuses to go on after the model has been disposed of.</summary>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    internal void CheckNotDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, this);

    private Tensor Extract(Tensor images)
    {
        var extractor = Extractor ?? throw new InvalidOperationException("The model was created without its frozen encoder; give it features.");
        var (count, features) = ((int)images.shape[0], new float[images.shape[0] * extractor.Tokens * extractor.Width]);
        extractor.Extract(images.to(float32).cpu().contiguous().data<float>().ToArray(), count, features);
        return tensor(features, [count, extractor.Tokens, extractor.Width], device: Device);
    }

    private void CheckCondition(Tensor condition) =>
        TensorArguments.CheckReal(condition, nameof(condition), ("B", null), ("M", Network.ConditionTokens), ("d", Network.ConditionWidth));

    private static IReadOnlyList<long> SeedsOf(Tensor condition, long seed, IReadOnlyList<int>? items, int draws, int firstDraw = 0) =>
        ItemNoise.Seeds(seed, items ?? [.. Enumerable.Range(0, (int)condition.shape[0])], draws, firstDraw);

    private IEnumerable<DenoisingStep> Run(
        Tensor condition, IReverseProcess reverse, IReadOnlyList<long> seeds, TokenConstraint? constraint, CancellationToken cancellation)
    {
        CheckNotDisposed(); // the caller may have disposed of the model while the stream waited
        using var onDevice = condition.to(Device, copy: true).DetachFromDisposeScope();
        using var lease = _space.Borrow(Network.Denoiser.Embedding.Weight);
        using var denoiser = new ConditionedDenoiser(Network.Denoiser, onDevice, lease.Space, seeds.Count / (int)condition.shape[0]);
        using var telemetry = new Telemetry.Sampling(seeds.Count);
        foreach (var step in reverse.Run(denoiser, new ItemNoise(seeds, Device), constraint ?? Always, cancellation))
        {
            telemetry.Step();
            yield return step;
        }
    }
}
