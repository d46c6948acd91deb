using TorchSharp;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Text;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// An image captioner that denoises all tokens of a sentence in parallel, or its masked baseline. Thread-safe once created: every call
/// brings its own generator.
/// </summary>
public sealed class ImageCaptioner : IDisposable
{
    private Lazy<ITokenSpace> _space;

    /// <summary>Wraps a network; the captioner owns it and puts it into evaluation mode.</summary>
    public ImageCaptioner(CaptionerOptions options, CaptionerNetwork network, ITokenizer tokenizer, Device? device = null)
    {
        (Options, Network, Tokenizer, Device) = (options, network, tokenizer, device ?? CPU);
        Schedule = NoiseSchedule.Create(options.Diffusion);
        Network.to(Device);
        Network.eval();
        _space = NewSpace();
    }

    /// <summary>How captions are sampled by default: 100 steps.</summary>
    public static SamplingOptions DefaultSampling { get; } = new() { Steps = 100 };

    /// <summary>What was built.</summary>
    public CaptionerOptions Options { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>The noise schedule.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>The network, in evaluation mode.</summary>
    public CaptionerNetwork Network { get; }

    /// <summary>The vocabulary.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">In bfloat16, weights take half the memory, and sampling less than half the time where the processor multiplies it; probabilities move by about 1 %.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageCaptioner Load(string folder, Device? device = null, Precision precision = Precision.F32) =>
        CaptionerFolder.Load(folder, device ?? CPU, precision);

    /// <summary>Writes the model folder: <c>config.json</c>, <c>model.safetensors</c> and the tokenizer's files.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder) => CaptionerFolder.Save(folder, Options, Network, Tokenizer);

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => ImageInput.Prepare(images, Options.Encoder.ImageSize, Options.Normalization(), Options.CropRatio);

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d). Encode once, then sample as often as you like.</summary>
    public Tensor Encode(Tensor images)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Network.Condition(images.to(Device)).MoveToOuterDisposeScope();
    }

    /// <summary>A caption for each of B conditions (B, M, d); where the sampling has several draws, an image's stand side by side.</summary>
    public IReadOnlyList<string> Caption(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        return Sentences(Decode(Denoise(condition, sampling, cancellation), (sampling ?? DefaultSampling).Decode));
    }

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): B·draws trajectories, those of an item side by side.</summary>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        sampling ??= DefaultSampling;
        using var generator = new Generator((ulong)Seeds.Derive(sampling.Seed, SeedPurpose.Sample), Device);
        using var onDevice = condition.to(Device, copy: true).DetachFromDisposeScope();
        if (Options.Method == CaptionMethod.Tdd)
        {
            using var denoiser = new ConditionedDenoiser(Network.Denoiser, onDevice, Schedule, Options.Diffusion, sampling.Draws, _space.Value);
            foreach (var step in sampling.CreateProcess(Schedule, Tokenizer.Special.End).Run(denoiser, generator, cancellation))
                yield return step;
        }
        else
        {
            using var denoiser = new ConditionedMaskedDenoiser(Network.Denoiser, onDevice, sampling.Draws);
            foreach (var step in sampling.CreateUnmasking().Run(denoiser, generator, cancellation))
                yield return step;
        }
    }

    /// <summary>To be called after the network's weights were changed, when nothing is being sampled: what was made from them is made anew.</summary>
    public void WeightsChanged()
    {
        DisposeSpace();
        _space = NewSpace();
    }

    /// <summary>Refuses a sampling that the model cannot do, before work that may take long.</summary>
    /// <exception cref="TweedieException">There are more steps than timesteps, or masked diffusion is asked for what it has not.</exception>
    public void Check(SamplingOptions sampling) =>
        _ = Options.Method == CaptionMethod.Tdd ? (object)sampling.CreateProcess(Schedule) : sampling.CreateUnmasking();

    /// <summary>The sentences of token rows (B, N): each up to its first end token.</summary>
    public IReadOnlyList<string> Sentences(Tensor tokens) =>
        [.. tokens.cpu().data<long>().ToArray().Chunk((int)tokens.shape[1]).Select(row => Tokenizer.DecodeRow(row.Select(id => (int)id)))];

    /// <inheritdoc/>
    public void Dispose()
    {
        DisposeSpace();
        Network.Dispose();
    }

    // Factoring WWᵀ takes as long as a few steps of a large vocabulary: once for all calls.
    private Lazy<ITokenSpace> NewSpace() => new(() =>
    {
        using var noGrad = no_grad();
        return Network.Denoiser.Embedding.Space(Options.Diffusion.Prediction);
    });

    private void DisposeSpace()
    {
        if (_space.IsValueCreated)
            _space.Value.Dispose();
    }

    private static Tensor Decode(IEnumerable<DenoisingStep> steps, DecodeKind decode)
    {
        using var consensus = new Consensus();
        Tensor? last = null;
        foreach (var step in steps)
        {
            if (decode == DecodeKind.Consensus)
                consensus.Add(step);
            else if (step.IsLast)
                last = step.Tokens.clone();
        }
        return last ?? consensus.Tokens();
    }
}
