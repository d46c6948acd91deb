using Tweedie.Images;

namespace Tweedie.Web;

/// <summary>How large a request may be. A request that is larger is refused with a line that says how.</summary>
public sealed record RequestLimits
{
    /// <summary>Bytes of a request's body.</summary>
    public int BodyBytes { get; init; } = 32 << 20;

    /// <summary>Bytes of one encoded image.</summary>
    public int ImageBytes { get; init; } = 16 << 20;

    /// <summary>Pixels of one image.</summary>
    public int Pixels { get; init; } = 20_000_000;

    /// <summary>Bytes of the bodies of all requests that are being read.</summary>
    public long UploadBytes { get; init; } = 512L << 20;

    /// <summary>Steps of a sampling.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Draws per image.</summary>
    public int Draws { get; init; } = 32;

    /// <summary>Images, texts or rows of a request.</summary>
    public int Count { get; init; } = 32;

    /// <summary>Characters of a prompt, a template or a text that is scored.</summary>
    public int Characters { get; init; } = 20_000;

    /// <summary>Tokens of a text that is written part by part.</summary>
    public int Length { get; init; } = 4096;

    /// <summary>Steps times tokens times candidates of a stream.</summary>
    public int StreamedEntries { get; init; } = 2_000_000;

    /// <summary>How long a request may take where it does not say.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a request may take if it says so.</summary>
    public TimeSpan LongestDeadline { get; init; } = TimeSpan.FromMinutes(5);

    internal void Check()
    {
        TweedieWebOptions.AtLeast(BodyBytes, 1, nameof(BodyBytes));
        TweedieWebOptions.AtLeast(ImageBytes, 1, nameof(ImageBytes));
        TweedieWebOptions.AtLeast(Pixels, 1, nameof(Pixels));
        TweedieWebOptions.AtLeast(UploadBytes, BodyBytes, nameof(UploadBytes));
        TweedieWebOptions.AtLeast(Steps, 1, nameof(Steps));
        TweedieWebOptions.AtLeast(Draws, 1, nameof(Draws));
        TweedieWebOptions.AtLeast(Count, 1, nameof(Count));
        TweedieWebOptions.AtLeast(Characters, 1, nameof(Characters));
        TweedieWebOptions.AtLeast(Length, 1, nameof(Length));
        TweedieWebOptions.AtLeast(StreamedEntries, 1, nameof(StreamedEntries));
        if (Pixels > ImageDecoder.MaximumPixels)
            throw new TweedieException(new OptionFault(nameof(Pixels), $"{Pixels}", $"is out of range: at most {ImageDecoder.MaximumPixels}."));
        if (Deadline <= TimeSpan.Zero || Deadline > LongestDeadline)
            throw new TweedieException(new OptionFault(nameof(Deadline), $"{Deadline}", $"is out of range: more than 0, and at most {nameof(LongestDeadline)}, which is {LongestDeadline}."));
    }
}
