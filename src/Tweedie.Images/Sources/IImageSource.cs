namespace Tweedie.Images;

/// <summary>A labelled set of images, addressed by index.</summary>
public interface IImageSource
{
    /// <summary>What the user would call the set: a folder, a file or a specification.</summary>
    string Name { get; }

    /// <summary>Number of images.</summary>
    int Count { get; }

    /// <summary>The classes, in label order.</summary>
    IReadOnlyList<string> ClassNames { get; }

    /// <summary>What is left out, or read in a way that the user should know of, one sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>
    /// The first index of each block of images that are read from disk together, ascending from 0: shuffling keeps blocks together, so that
    /// each is read once per epoch. By default all images are one block.
    /// </summary>
    IReadOnlyList<int> BlockStarts => [0];

    /// <summary>
    /// Whether an image has a label. Code that learns or compares labels treats an image without one as one that cannot be read; code that needs
    /// no labels uses it as any other.
    /// </summary>
    bool HasLabel(int index) => true;

    /// <summary>The label of an image, an index into <see cref="ClassNames"/>. It is cheap, because it decodes nothing.</summary>
    /// <exception cref="TweedieException">The image has no label (<see cref="HasLabel"/>); the message names the image.</exception>
    int GetLabel(int index);

    /// <summary>Decodes an image. May be called from several threads at once.</summary>
    /// <exception cref="TweedieException">The image cannot be read; the message names it.</exception>
    RasterImage Read(int index);

    /// <summary>Decodes a part of an image; sources of encoded files decode no more than they have to.</summary>
    /// <param name="index">The image.</param>
    /// <param name="request">The part.</param>
    /// <returns>The part, or the part shrunk where more pixels than wanted are left.</returns>
    /// <exception cref="TweedieException">The image cannot be read; the message names it.</exception>
    RasterImage ReadPart(int index, PartRequest request) => request.Cut(Read(index));

    /// <summary>
    /// What an image's pixels depend on, such as its file's path, length and time of writing, with the channels that it decodes to: where it is the same, so are
    /// the pixels. Null, the default, where nothing tells that without reading the image.
    /// </summary>
    string? StampOf(int index) => null;

    /// <summary>Names the file or record of an image, for messages.</summary>
    string Describe(int index);
}
