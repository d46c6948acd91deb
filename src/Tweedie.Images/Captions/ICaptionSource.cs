namespace Tweedie.Images;

/// <summary>Images with one or several captions each.</summary>
public interface ICaptionSource : IImageSource
{
    /// <summary>The data set's id of an image, as in COCO's files.</summary>
    long GetId(int index);

    /// <summary>The captions of an image; at least one. May be called from several threads at once.</summary>
    IReadOnlyList<string> GetCaptions(int index);
}
