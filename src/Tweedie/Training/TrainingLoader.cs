using TorchSharp;
using Tweedie.Data;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The loader of a training's images: augmented, shuffled, in whole batches.</summary>
internal static class TrainingLoader
{
    /// <summary>Creates the loader and reads one image, so that data that do not fit are found before anything is built.</summary>
    /// <param name="config">The run: its batch size and seed.</param>
    /// <param name="data">The run's data options.</param>
    /// <param name="source">The training images.</param>
    /// <param name="imageSize">Height and width of the network's input, pixels.</param>
    /// <param name="normalization">The normalisation of the network's input.</param>
    /// <param name="device">Where the batches go.</param>
    /// <param name="targets">The tokens of an image; its label if null.</param>
    /// <exception cref="TweedieException">The image cannot be read, or the augmentation does not fit it.</exception>
    public static ImageLoader Create(
        RunConfig config, DataOptions data, IImageSource source, int imageSize, Normalization normalization, Device device, TargetRow? targets = null)
    {
        var loader = new ImageLoader(source, ImageTransforms.ForTraining(imageSize, data.Augment, normalization), normalization, new ImageLoaderOptions
        {
            BatchSize = config.Training.BatchSize,
            Shuffle = true,
            DropLast = true,
            Seed = config.Seed,
            Workers = data.Workers,
            MaxBadShare = data.MaxBadShare,
            PinMemory = device.type == DeviceType.CUDA,
            Erasing = data.Augment.Erasing is { } erasing ? new RandomErasing(erasing) : null,
        }, targets);
        _ = loader.Shape;
        return loader;
    }
}
