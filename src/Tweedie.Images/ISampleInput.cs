namespace Tweedie.Images;

/// <summary>What the samples of a batch hold besides their targets: images, or features of images. A pure function of (seed, epoch, index); thread-safe.</summary>
internal interface ISampleInput
{
    /// <summary>The shape of every sample.</summary>
    /// <exception cref="TweedieException">The first images decide it, and they cannot be read or do not fit the model's input.</exception>
    ImageShape Shape { get; }

    /// <summary>Fills the place of a sample.</summary>
    /// <returns>Null, or why the image cannot be read; the place is then undefined.</returns>
    /// <exception cref="TweedieException">The image can be read, but it has another size than the others.</exception>
    BadImage? Fill(int epoch, int index, Span<float> values);
}
