using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Sampling;

namespace Tweedie.Onnx;

/// <summary>The core of exported models that predict tokens: encode once, then sample as often as you like.</summary>
internal sealed class OnnxTokenModel : IDisposable
{
    private const int MostItems = 1024; // trajectories side by side

    private readonly OnnxEncoder? _frozen;
    private readonly OnnxGraph? _encoder;
    private readonly StepGraphs? _graphs;
    private readonly IReadOnlyList<string> _parts = [];
    private readonly ImageInput? _input;
    private bool _isDisposed;

    /// <summary>Opens the graphs of a folder.</summary>
    public OnnxTokenModel(ExportedFolder folder, int threads, long? end = null, long? padding = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        (Options, End, Padding) = (folder.Description, end, padding);
        try
        {
            if (Options.Frozen is { } frozen)
            {
                _frozen = new OnnxEncoder(frozen with { Onnx = Path.Combine(folder.Path, frozen.Onnx) });
                _input = new ImageInput(_frozen);
            }
            else if (Options.Input is { } input)
                _input = new ImageInput(input);
            if (Options.State != OnnxState.None)
                _graphs = new StepGraphs(folder, threads);
            if (_input is null)
                return;
            var outputs = Options.State == OnnxState.None ? [("logits", [-1, Options.Classes])] : OnnxNames.Context(Options);
            _parts = [.. outputs.Select(output => output.Name)];
            _encoder = folder.Graph(Options.State == OnnxState.None ? OnnxNames.Classifier : OnnxNames.Encoder, threads);
            _encoder.Check([_frozen is null ? ("images", [-1, _input.Shape.Channels, _input.Shape.Height, _input.Shape.Width]) : ("features", [-1, _frozen.Tokens, _frozen.Width])], outputs);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options { get; }

    /// <summary>The token that ends a sentence; null where there is none.</summary>
    public long? End { get; }

    /// <summary>The token behind it.</summary>
    public long? Padding { get; }

    /// <summary>Encodes decoded images.</summary>
    public OnnxCondition Encode(IReadOnlyList<RasterImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Encode(Prepare(images), images.Count);
    }

    /// <summary>Decoded images to (B, C, H, W): resized, cut out and normalised.</summary>
    public float[] Prepare(IReadOnlyList<RasterImage> images) => _input!.Prepare(images);

    /// <summary>Encodes normalised images (B, C, H, W), B at least 1.</summary>
    public OnnxCondition Encode(float[] images, int count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var inputs = new Inputs();
        if (_frozen is null)
            inputs.Add("images", images, count, _input!.Shape.Channels, _input.Shape.Height, _input.Shape.Width);
        else
        {
            var features = new float[count * _frozen.Tokens * _frozen.Width];
            _frozen.Extract(images, count, features);
            inputs.Add("features", features, count, _frozen.Tokens, _frozen.Width);
        }
        using var outputs = _encoder!.Run(inputs.Values, _parts);
        return OnnxCondition.Of(count, _parts, outputs);
    }

    /// <summary>The sampling options with the model's defaults.</summary>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model or this runtime cannot do.</exception>
    public SamplingOptions Resolve(SamplingOptions? sampling)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var resolved = (sampling ?? Options.Sampling).Over(Options.Sampling);
        OptionsValidator.ValidateMembers(resolved, "sampling");
        if (Options.State == OnnxState.None)
            return resolved;
        OnnxSampling.Check(Options, resolved, End is not null);
        _ = OnnxSampling.Plan(Options, resolved);
        return resolved;
    }

    /// <summary>The lazy stream of steps of all draws, those of an item side by side.</summary>
    /// <param name="condition">The condition of B items.</param>
    /// <param name="sampling">The options, complete.</param>
    /// <param name="known">What is known of the rows of B items; null where nothing is.</param>
    /// <param name="items">What tells the items apart; by default their place.</param>
    /// <param name="seed">The seed, where it is not that of the options.</param>
    /// <param name="draws">Draws of each item; by default those of the options.</param>
    /// <param name="firstDraw">The number of the first draw.</param>
    /// <param name="cancellation">Checked before each step.</param>
    public IEnumerable<OnnxStep> Denoise(OnnxCondition condition, SamplingOptions sampling, KnownRows? known = null, IReadOnlyList<int>? items = null, long? seed = null,
        int? draws = null, int firstDraw = 0, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var (graphs, count) = (_graphs ?? throw new InvalidOperationException("The head is linear: it has no steps."), draws ?? sampling.Draws);
        var streams = new ItemStreams(ItemStreams.Seeds(seed ?? sampling.Seed, items ?? [.. Enumerable.Range(0, condition.Count)], count, firstDraw));
        return new SamplingRun(Options, graphs, sampling, condition.Repeated(count), streams, known?.Repeated(count, Options.Tokens), End, Padding).Steps(cancellation);
    }

    /// <summary>How many draws of some items go side by side: as many as divide the draws evenly and keep the batch in bounds.</summary>
    public static int DrawsTogether(int items, int draws) => Enumerable.Range(1, draws).Last(count => count == 1 || (draws % count == 0 && count * items <= MostItems));

    /// <inheritdoc/>
    public void Dispose()
    {
        _isDisposed = true;
        _frozen?.Dispose();
        _encoder?.Dispose();
        _graphs?.Dispose();
    }
}
