using Tweedie.Data;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>A trained captioner with its test images.</summary>
/// <param name="Captioner">The model.</param>
/// <param name="Test">The test images.</param>
public sealed record OpenCaptioner(ImageCaptioner Captioner, ICaptionSource Test) : IDisposable
{
    /// <summary>Opens the model of a training.</summary>
    /// <exception cref="TweedieException">A file cannot be read.</exception>
    public static OpenCaptioner Open(TrainingCell training, CellContext context) => context.Open(training, folder =>
    {
        var captioner = ImageCaptioner.Load(folder, context.Device);
        return new OpenCaptioner(captioner, TestOf((CaptionRun)training.Config, captioner.Options.Encoder.Channels));
    });

    /// <summary>The test images of a run.</summary>
    public static ICaptionSource TestOf(CaptionRun config, int channels) =>
        CaptionSources.Open(config.Data.Test ?? config.Data.Train, DataSplit.Test, channels);

    /// <inheritdoc/>
    public void Dispose() => Captioner.Dispose();
}
