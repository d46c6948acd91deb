using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Platform;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>An image classifier that denoises a label, or its linear baseline. Thread-safe once created.</summary>
public sealed partial class ImageClassifier : IDisposable
{
    /// <summary>Wraps a network; the classifier owns it and puts it into evaluation mode.</summary>
    /// <param name="options">The options that the network was built from.</param>
    /// <param name="network">The network.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="extractor">The frozen encoder whose features the network takes; the classifier owns it. Null where the network has its own.</param>
    public ImageClassifier(ClassifierOptions options, TokenNetwork network, Device? device = null, IFeatureExtractor? extractor = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(network);
        Options = options;
        Model = new TokenModel(network, options.CreateProcess(options.ClassNames.Count), options, options.SamplingOver(DefaultSampling), device, extractor: extractor);
    }

    /// <summary>How labels are sampled by default: 20 steps, decoded by consensus.</summary>
    public static SamplingOptions DefaultSampling { get; } = new() { Steps = 20, Guidance = 1, Decode = DecodeKind.Consensus };

    /// <summary>The options that the network was built from.</summary>
    public ClassifierOptions Options { get; }

    /// <summary>The token model under the classifier; a label is its only token.</summary>
    public TokenModel Model { get; }

    /// <summary>The temperatures of the probabilities that are reported; null where the model is not calibrated.</summary>
    public Calibration? Calibration { get; init; }

    /// <summary>Where the weights are.</summary>
    public Device Device => Model.Device;

    /// <summary>The network, in evaluation mode.</summary>
    public TokenNetwork Network => Model.Network;

    /// <summary>Loads a model folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="device">Where to compute; the CPU if null.</param>
    /// <param name="precision">
    /// In bfloat16, weights take half the memory, and sampling takes less than half the time where the processor multiplies bfloat16; probabilities change by
    /// about 1 %.
    /// </param>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static ImageClassifier Load(string folder, Device? device = null, Precision precision = Precision.F32)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var options = FrozenEncoder.Locate(folder, ReadOptions(folder));
        return ModelFolder.Load(folder, ModelCost.Of(options), () => TokenNetwork.Create(options, options.ClassNames.Count),
            network => new ImageClassifier(options, network.Use(precision), device, FrozenEncoder.Open(folder, options)) { Calibration = CalibrationFile.Load(folder) });
    }

    /// <summary>Reads a classifier's config without its weights.</summary>
    /// <exception cref="TweedieException">The folder or its config is missing, or the config is not valid or not a classifier's.</exception>
    public static ClassifierOptions ReadOptions(string folder) => ModelFolder.ReadOptions<ClassifierOptions>(folder, ModelFolder.Classifier);

    /// <summary>Writes the model folder: <c>config.json</c> and <c>model.safetensors</c>.</summary>
    /// <exception cref="TweedieException">The folder cannot be written; each file is then the old one or the new.</exception>
    public void Save(string folder)
    {
        Model.CheckNotDisposed();
        ModelFolder.Save(folder, FrozenEncoder.Copy(folder, Options), Network);
    }

    /// <summary>Reads a classifier's calibration without its weights; null where it has none, or where that belongs to other weights.</summary>
    /// <exception cref="TweedieException">The file is damaged, or the folder holds no model.</exception>
    public static Calibration? ReadCalibration(string folder) => CalibrationFile.Load(folder);

    /// <summary>
    /// Stores a calibration beside the weights that it was fitted for; the next <see cref="Load"/> uses it. Earlier temperatures of these weights for other
    /// settings are kept.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="calibration">The calibration; its <see cref="Calibration.Weights"/> are set to the folder's.</param>
    /// <returns>Whether the model's card (<see cref="ModelCard"/>), if it has one, shows the calibration. A card that is not as this version writes it, such as one that somebody has changed, is left as it is.</returns>
    /// <exception cref="TweedieException">The folder holds no classifier, is a checkpoint, or cannot be written.</exception>
    public static bool Calibrate(string folder, Calibration calibration)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        _ = ReadOptions(folder);
        if (ModelPlace.Find(folder).Weights is not null)
            throw new TweedieException($"{folder}: is a checkpoint, whose files stay as they are; calibrate the model of its training.", FaultKind.Model);
        var all = calibration.Over(CalibrationFile.Load(folder)) with { Weights = ModelFolder.HashOf(folder) };
        CalibrationFile.Save(folder, all);
        return ModelCard.Update(folder, all);
    }

    /// <summary>Writes the model folder without its weights.</summary>
    internal void SaveDescription(string folder) => ModelFolder.SaveOptions(folder, Options);

    /// <summary>Decoded images to the network's input (B, C, H, W): resized, cropped and normalised.</summary>
    public Tensor Prepare(IReadOnlyList<RasterImage> images) => Model.Prepare(images);

    /// <summary>Images (B, C, H, W), normalised, to condition tokens (B, M, d). Encode once, then sample as often as you like.</summary>
    /// <exception cref="ArgumentException">The images have another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public Tensor Encode(Tensor images) => Model.Encode(images);

    /// <summary>Encodes images and predicts their classes.</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The images have another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public ClassPrediction Predict(Tensor images, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var condition = Encode(images);
        return PredictEncoded(condition, sampling, cancellation);
    }

    /// <summary>Predicts classes from condition tokens (B, M, d).</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The condition has another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public ClassPrediction PredictEncoded(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        var resolved = Model.Resolve(sampling);
        var decode = resolved.Decode!.Value;
        var prediction = Network.IsLinear ? Model.PredictLinear(condition)
            : Model.Predict(condition, resolved, [decode], cancellation: cancellation)[decode];
        var (mean, temperature) = (prediction.Mean!.squeeze(1), Calibration?.Find(Network.IsLinear ? null : resolved)?.Temperature);
        return new ClassPrediction(mean.MoveToOuterDisposeScope(), prediction.Variance!.squeeze(1).MoveToOuterDisposeScope(),
            prediction.Tokens.squeeze(1).MoveToOuterDisposeScope())
        {
            Temperature = temperature,
            Probabilities = temperature is { } scale ? Scaled(mean, scale).MoveToOuterDisposeScope() : mean,
        };
    }

    /// <summary>The lazy stream of denoising steps for condition tokens (B, M, d): B·draws trajectories, those of an item side by side.</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The condition has another shape or element type.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IEnumerable<DenoisingStep> Denoise(Tensor condition, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        Model.Denoise(condition, sampling, cancellation: cancellation);

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();

    private static Tensor Scaled(Tensor distributions, double temperature)
    {
        float[] values = [.. distributions.cpu().data<float>()];
        TemperatureScaling.Apply(values, (int)distributions.shape[1], temperature);
        return tensor(values, distributions.shape, float32, distributions.device);
    }
}
