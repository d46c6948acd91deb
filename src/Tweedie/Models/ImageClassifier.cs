using TorchSharp;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// An image classifier that denoises a label, or its linear baseline. Thread-safe once created: every call brings its own generator.
/// </summary>
public sealed class ImageClassifier : IDisposable
{
    /// <summary>Wraps a network; the classifier owns it and puts it into evaluation mode.</summary>
    public ImageClassifier(ClassifierOptions options, ClassifierNetwork network, Device? device = null)
    {
        Options = options;
        Device = device ?? CPU;
        Schedule = NoiseSchedule.Create(options.Diffusion);
        Network = network;
        Network.to(Device);
        Network.eval();
    }

    /// <summary>What was built.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>Where the weights are.</summary>
    public Device Device { get; }

    /// <summary>The noise schedule.</summary>
    public NoiseSchedule Schedule { get; }

    /// <summary>The network, in evaluation mode.</summary>
    public ClassifierNetwork Network { get; }

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageClassifier Load(string folder, Device? device = null) => ModelFolder.LoadClassifier(folder, device ?? CPU);

    /// <summary>Writes the model folder: <c>config.json</c> and <c>model.safetensors</c>.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder) => ModelFolder.Save(folder, Options, Network);

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => ImageInput.Prepare(images, Options.Encoder.ImageSize, Options.Normalization());

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d). Encode once, then sample as often as you like.</summary>
    public Tensor Encode(Tensor images)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return Network.Encoder.forward(images.to(Device)).MoveToOuterDisposeScope();
    }

    /// <summary>Encodes images and predicts their classes.</summary>
    public ClassPrediction Predict(Tensor images, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var condition = Encode(images);
        return PredictEncoded(condition, sampling, cancellation);
    }

    /// <summary>Predicts classes from condition tokens (B, M, d).</summary>
    public ClassPrediction PredictEncoded(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        sampling ??= new SamplingOptions();
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (Options.Method == ClassifierMethod.Linear)
        {
            var probabilities = nn.functional.softmax(Network.LinearLogits(condition.to(Device)), -1);
            return new(probabilities.MoveToOuterDisposeScope(), zeros_like(probabilities).MoveToOuterDisposeScope());
        }
        using var denoiser = Bind(condition);
        using var draws = new DrawStatistics();
        for (var draw = 0; draw < sampling.Draws; draw++)
            draws.Add(Decode(Denoise(denoiser, sampling, draw, cancellation), sampling.Decode).squeeze(1));
        return new(draws.Mean().MoveToOuterDisposeScope(), draws.Variance().MoveToOuterDisposeScope());
    }

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): one trajectory an item.</summary>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var denoiser = Bind(condition);
        foreach (var step in Denoise(denoiser, sampling ?? new SamplingOptions(), draw: 0, cancellation))
            yield return step;
    }

    /// <summary>Binds the denoiser to condition tokens (B, M, d), so that several samplings share the prepared condition.</summary>
    public ConditionedDenoiser Bind(Tensor condition)
    {
        using var scope = NewDisposeScope();
        return new(Network.Denoiser, condition.to(Device), Schedule, Options.Diffusion);
    }

    /// <summary>The lazy stream of denoising steps of one draw.</summary>
    /// <param name="denoiser">A bound denoiser.</param>
    /// <param name="sampling">How to sample.</param>
    /// <param name="draw">The draw's number; draws with different numbers are independent.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<DenoisingStep> Denoise(ConditionedDenoiser denoiser, SamplingOptions sampling, int draw, CancellationToken cancellation)
    {
        using var generator = new Generator((ulong)Seeds.Derive(sampling.Seed, SeedPurpose.Sample, draw), Device);
        foreach (var step in sampling.CreateProcess(Schedule).Run(denoiser, generator, cancellation))
            yield return step;
    }

    /// <inheritdoc/>
    public void Dispose() => Network.Dispose();

    private static Tensor Decode(IEnumerable<DenoisingStep> steps, DecodeKind decode)
    {
        using var consensus = new Consensus();
        Tensor? last = null;
        foreach (var step in steps)
        {
            if (decode == DecodeKind.Consensus)
                consensus.Add(step);
            else if (step.IsLast)
                last = step.Probabilities();
        }
        return last ?? consensus.Probabilities();
    }
}
