using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Onnx;

/// <summary>
/// An exported CLIP, without libtorch: images and texts become vectors of length 1 in one space, where the cosine says how well they fit. Thread-safe once created.
/// </summary>
public sealed class OnnxClip : IDisposable
{
    private readonly OnnxGraph _image;
    private readonly OnnxGraph _text;
    private readonly ImageInput _input;

    private OnnxClip(OnnxModelOptions options, ITokenizer tokenizer, OnnxGraph image, OnnxGraph text) =>
        (Options, Tokenizer, _image, _text, _input) = (options, tokenizer, image, text, new ImageInput(options.Input!));

    /// <summary>The description of the model.</summary>
    public OnnxModelOptions Options { get; }

    /// <summary>Turns texts into the text tower's rows.</summary>
    public ITokenizer Tokenizer { get; }

    /// <summary>Loads the folder of an exported CLIP.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="threads">Threads of one operation, at least 1.</param>
    /// <exception cref="TweedieException">The folder holds no exported CLIP, or a file is missing or damaged.</exception>
    public static OnnxClip Load(string folder, int threads = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        var exported = ExportedFolder.Open(folder, OnnxModelKind.Clip);
        var tokenizer = exported.Tokenizer();
        var image = exported.Graph(OnnxNames.ImageTower, threads);
        OnnxGraph? text = null;
        try
        {
            text = exported.Graph(OnnxNames.TextTower, threads);
            var clip = new OnnxClip(exported.Description, tokenizer, image, text);
            var (shape, model) = (clip._input.Shape, exported.Description);
            image.Check([("images", [-1, shape.Channels, shape.Height, shape.Width])], [("features", [-1, model.Width])]);
            text.Check([("tokens", [-1, model.Tokens])], [("features", [-1, model.Width])]);
            return clip;
        }
        catch
        {
            image.Dispose();
            text?.Dispose();
            throw;
        }
    }

    /// <summary>Decoded images of any size, at least one, to a vector each, of <see cref="OnnxModelOptions.Width"/> numbers.</summary>
    public IReadOnlyList<float[]> EncodeImages(IReadOnlyList<RasterImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return EncodePixels(_input.Prepare(images), images.Count);
    }

    /// <summary>Texts, at least one, to a vector each; a text that is too long is cut off.</summary>
    public IReadOnlyList<float[]> EncodeTexts(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentOutOfRangeException.ThrowIfZero(texts.Count, nameof(texts));
        long[] rows = [.. texts.SelectMany(text => Tokenizer.EncodeRow(text, Options.Tokens)).Select(id => (long)id)];
        using var inputs = new Inputs().Add("tokens", rows, texts.Count, Options.Tokens);
        return Run(_text, inputs);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _image.Dispose();
        _text.Dispose();
    }

    internal IReadOnlyList<float[]> EncodePixels(float[] images, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        using var inputs = new Inputs().Add("images", images, count, _input.Shape.Channels, _input.Shape.Height, _input.Shape.Width);
        return Run(_image, inputs);
    }

    private List<float[]> Run(OnnxGraph tower, Inputs inputs)
    {
        using var outputs = tower.Run(inputs.Values, ["features"]);
        return [.. outputs[0].GetTensorDataAsSpan<float>().ToArray().Chunk(Options.Width)];
    }
}
