using TorchSharp;
using Tweedie.Data;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Platform;
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
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">In bfloat16, weights take half the memory, and sampling less than half the time where the processor multiplies it; probabilities move by about 1 %.</param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageClassifier Load(string folder, Device? device = null, Precision precision = Precision.F32) =>
        ModelFolder.LoadClassifier(folder, device ?? CPU, precision);

    /// <summary>Writes the model folder: <c>config.json</c> and <c>model.safetensors</c>.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder) => ModelFolder.Save(folder, Options, Network);

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => ImageInput.Prepare(images, Options.Encoder.ImageSize, Options.Normalization(), Options.CropRatio);

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
            var probabilities = nn.functional.softmax(Network.LinearLogits(condition.to(Device)).to(float32), -1);
            return new(probabilities.MoveToOuterDisposeScope(), zeros_like(probabilities).MoveToOuterDisposeScope());
        }
        using var statistics = new DrawStatistics();
        foreach (var (draws, steps) in Draws(condition, sampling, cancellation))
            statistics.Add(Decode(steps, sampling.Decode).squeeze(1), draws);
        return new(statistics.Mean().MoveToOuterDisposeScope(), statistics.Variance().MoveToOuterDisposeScope());
    }

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): one trajectory an item.</summary>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var denoiser = Bind(condition);
        foreach (var step in Denoise(denoiser, sampling ?? new SamplingOptions(), draw: 0, cancellation))
            yield return step;
    }

    /// <summary>Binds the denoiser to condition tokens (B, M, d), so that several samplings share the prepared condition.</summary>
    /// <param name="condition">The condition tokens.</param>
    /// <param name="draws">Independent trajectories of each item, side by side.</param>
    public ConditionedDenoiser Bind(Tensor condition, int draws = 1)
    {
        using var scope = NewDisposeScope();
        return new(Network.Denoiser, condition.to(Device), Schedule, Options.Diffusion, draws);
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

    /// <summary>The trajectories of all draws: streams of as many draws an item, side by side, as divide them evenly and keep the batch in bounds.</summary>
    internal IEnumerable<(int Draws, IEnumerable<DenoisingStep> Steps)> Draws(Tensor condition, SamplingOptions sampling, CancellationToken cancellation)
    {
        const int MostItems = 1024;
        var together = Enumerable.Range(1, sampling.Draws).Last(count => count == 1 || (sampling.Draws % count == 0 && count * condition.shape[0] <= MostItems));
        using var denoiser = Bind(condition, together);
        for (var first = 0; first < sampling.Draws; first += together)
            yield return (together, Denoise(denoiser, sampling, first, cancellation));
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
