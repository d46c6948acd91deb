using Tweedie.Evaluation;
using Tweedie.Images;
using static TorchSharp.torch;

namespace Extending;

/// <summary>
/// Shows a custom metric: <c>wholeNumber</c>, the share of images whose tokens are all right, and <c>digit</c>, the share of right tokens.
/// A new object measures each setting; it is given the predictions batch by batch.
/// </summary>
/// <param name="source">The images, whose labels are their numbers.</param>
public sealed class WholeNumbers(IImageSource source) : IMetric
{
    private long _images;
    private long _numbers;
    private long _digits;

    /// <inheritdoc/>
    public void Add(PredictedBatch batch)
    {
        using var scope = NewDisposeScope();
        var meant = tensor([.. batch.Indices.SelectMany(index => SevenSegments.Row(source.GetLabel(index)))], int64).view(-1, SevenSegments.Places);
        var isRight = batch.Tokens.cpu() == meant;
        _images += batch.Indices.Count;
        _numbers += isRight.all(1).sum().item<long>();
        _digits += isRight.sum().item<long>();
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>
    {
        ["wholeNumber"] = (double)_numbers / Math.Max(1, _images),
        ["digit"] = (double)_digits / Math.Max(1, _images * SevenSegments.Places),
    };
}
