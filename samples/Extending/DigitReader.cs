using Tweedie;
using Tweedie.Diffusion;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom model that a user holds: a façade of <see cref="TokenModel"/>, as the library's classifier and captioner are. It is saved to a
/// folder and loaded from it, and its reverse process is made of the sample's grid, sampler and to-one rule.
/// </summary>
public sealed class DigitReader : IDisposable
{
    /// <summary>The kind of model in the config of a model folder.</summary>
    public const string Kind = "digits";

    private readonly NoiseSchedule _schedule;

    /// <summary>Wraps a network; the reader owns it.</summary>
    public DigitReader(DigitModelOptions options, TokenNetwork network, Device? device = null)
    {
        var process = options.CreateProcess();
        (Options, _schedule) = (options, process.Schedule);
        Model = new TokenModel(network, process, options, new SamplingOptions { Steps = 10, Decode = DecodeKind.Last }, device);
    }

    /// <summary>The options that the network was built from.</summary>
    public DigitModelOptions Options { get; }

    /// <summary>The token model under the reader.</summary>
    public TokenModel Model { get; }

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="TweedieException">A file is missing or damaged, or the weights do not fit the config.</exception>
    public static DigitReader Load(string folder, Device? device = null)
    {
        var options = ModelFolder.ReadOptions<DigitModelOptions>(folder, Kind);
        return ModelFolder.Load(folder, options.Parts.Sum(part => part.Parameters), options.CreateNetwork, network => new DigitReader(options, network, device));
    }

    /// <summary>Writes the model folder.</summary>
    public void Save(string folder) => ModelFolder.Save(folder, Options, Model.Network);

    /// <summary>The reverse process, made of the sample's own parts.</summary>
    public ReverseProcess Reverse(DigitSamplingOptions sampling) => new(
        Model.Process, LateGrid.Create(_schedule, sampling.Steps, sampling.Late), new CommitConfident(_schedule.Level(0)),
        new NucleusDraw(sampling.TopP), Guidance.None);

    /// <summary>Reads the numbers in images; null where the tokens do not form a number.</summary>
    public IReadOnlyList<int?> Read(IReadOnlyList<RasterImage> images, DigitSamplingOptions sampling, long seed = 0)
    {
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var condition = Model.Encode(Model.Prepare(images));
        using var decoding = Decoding.Of(Model.Denoise(condition, Reverse(sampling), seed), DecodeKind.Last, probabilities: false);
        var tokens = decoding.Tokens(DecodeKind.Last).cpu().data<long>().ToArray();
        return [.. tokens.Chunk(SevenSegments.Places).Select(row => SevenSegments.Number(row))];
    }

    /// <inheritdoc/>
    public void Dispose() => Model.Dispose();
}
