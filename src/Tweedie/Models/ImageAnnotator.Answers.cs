using Tweedie.Images;
using Tweedie.Sampling;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <content>Attributes of images, also from threads of their own.</content>
public sealed partial class ImageAnnotator
{
    /// <summary>The attributes of an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="known">A row of ids; <see cref="ITokenRowSource.Missing"/> where an attribute is to be predicted. Null where nothing is known.</param>
    /// <param name="sampling">How to sample, one draw; null takes the annotator's defaults.</param>
    /// <param name="cancellation">Checked before each step.</param>
    /// <returns>The predicted entry of each attribute with the probability that the network gives it.</returns>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="ArgumentException">The row has another length, or an id that is none of its place.</exception>
    /// <exception cref="ObjectDisposedException">The model has been disposed of.</exception>
    public IReadOnlyList<Annotation> Annotate(RasterImage image, long[]? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var scope = NewDisposeScope();
        return Annotate(Encode(Prepare([image])), known is null ? null : [known], sampling, cancellation)[0];
    }

    /// <summary>The attributes of an image, on a thread of its own, outside of the pool.</summary>
    /// <inheritdoc cref="Annotate(RasterImage, long[], SamplingOptions, CancellationToken)"/>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public Task<IReadOnlyList<Annotation>> AnnotateAsync(RasterImage image, long[]? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default) =>
        OwnThread.Run(() => Annotate(image, known, sampling, cancellation), cancellation);

    /// <summary>The steps in which the attributes of an image appear. They are computed on a thread of their own, at most one step ahead of the reader.</summary>
    /// <param name="image">The image.</param>
    /// <param name="top">How many entries each attribute of a step lists, at least 0.</param>
    /// <param name="known">A row of ids; <see cref="ITokenRowSource.Missing"/> where an attribute is to be predicted. Null where nothing is known.</param>
    /// <param name="sampling">How to sample; null takes the annotator's defaults.</param>
    /// <param name="cancellation">Ends the stream before the next step.</param>
    /// <exception cref="TweedieException">An option is out of range, or asks for what the model cannot do.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public IAsyncEnumerable<StepSnapshot> DenoiseAsync(
        RasterImage image, int top = 0, long[]? known = null, SamplingOptions? sampling = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfNegative(top);
        return OwnThread.Stream(Steps, cancellation);

        IEnumerable<StepSnapshot> Steps(CancellationToken stop)
        {
            using var constraint = known is null ? null : _constraints.Of([known]);
            foreach (var step in ImageSteps.Of(Model, image, top, sampling, constraint, stop))
                yield return step;
        }
    }
}
