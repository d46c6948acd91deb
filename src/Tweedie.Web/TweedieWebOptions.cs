using Tweedie.Images;
using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Web;

/// <summary>What a server offers, and how much it takes on.</summary>
public sealed class TweedieWebOptions
{
    /// <summary>The models, each under a name of its own.</summary>
    public IList<ModelSource> Models { get; } = [];

    /// <summary>Where the models compute; null is the CPU.</summary>
    public Device? Device { get; set; }

    /// <summary>The weights' precision.</summary>
    public Precision Precision { get; set; } = Precision.F32;

    /// <summary>How many trajectories of a model are denoised together at most, at least 1.</summary>
    public int BatchSize { get; set; } = 32;

    /// <summary>How long a free thread waits at most for further requests, where the one before had company.</summary>
    public TimeSpan BatchWait { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How many images, texts and rows of a model wait at most; more are refused with 429. At least 1.</summary>
    public int QueueLength { get; set; } = 256;

    /// <summary>How large a request may be.</summary>
    public RequestLimits Limits { get; set; } = new();

    /// <summary>The keys of which a request must have one; none are needed where there are none. Each has at least 16 characters.</summary>
    public IList<string> Keys { get; } = [];

    /// <summary>
    /// Whether the server answers on addresses that other machines reach although it has no keys. Without it, a server without keys answers this machine alone.
    /// </summary>
    public bool AllowWithoutKey { get; set; }

    /// <summary>Requests about models per minute and key, or per address where there are no keys. By default 600 with keys, and no limit without.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>A folder of images that the page offers; null for none.</summary>
    public string? Gallery { get; set; }

    /// <summary>How long requests may run on when the server is stopped.</summary>
    public TimeSpan ShutdownTime { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Adds keys from a text.</summary>
    /// <param name="text">One key per line, or several separated by commas; lines that begin with # are notes.</param>
    public void AddKeys(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n').Where(line => !line.TrimStart().StartsWith('#')))
            foreach (var key in line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                Keys.Add(key);
    }

    /// <summary>How long a stream is silent at most: then it has a comment.</summary>
    internal TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Refuses options that are out of range.</summary>
    /// <exception cref="TweedieException">One is; the message names it.</exception>
    internal void Check()
    {
        AtLeast(BatchSize, 1, nameof(BatchSize));
        AtLeast(QueueLength, 1, nameof(QueueLength));
        AtLeast(RequestsPerMinute ?? 1, 1, nameof(RequestsPerMinute));
        if (BatchWait < TimeSpan.Zero || BatchWait > TimeSpan.FromSeconds(10))
            throw new TweedieException(new OptionFault(nameof(BatchWait), $"{BatchWait}", "is out of range: 0 to 10 seconds."));
        if (ShutdownTime < TimeSpan.Zero)
            throw new TweedieException(new OptionFault(nameof(ShutdownTime), $"{ShutdownTime}", "is out of range: at least 0."));
        if (Models.Count == 0)
            throw new TweedieException("The server has no model; name one.");
        if (Models.CountBy(model => model.Name, StringComparer.Ordinal).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new TweedieException($"Two models are called '{twice}'; give one another name, as NAME=DIR.");
        if (Keys.Any(key => key.Length < MinimumKey))
            throw new TweedieException($"A key has fewer than {MinimumKey} characters; use longer ones, such as those of 'openssl rand -hex 32'.");
        if (Gallery is not null && !Directory.Exists(Gallery))
            throw new TweedieException($"{Gallery}: is no folder; name one with images.");
        Limits.Check();
    }

    private const int MinimumKey = 16;

    internal static void AtLeast(double value, double minimum, string name)
    {
        if (!(value >= minimum))
            throw new TweedieException(new OptionFault(name, FormattableString.Invariant($"{value}"), FormattableString.Invariant($"is out of range: at least {minimum}.")));
    }

    /// <summary>How an image of a request is decoded.</summary>
    internal ImageDecoderOptions Decoder(int channels) => new() { Channels = channels, MaximumPixels = Limits.Pixels, MaximumBytes = Limits.ImageBytes };
}
