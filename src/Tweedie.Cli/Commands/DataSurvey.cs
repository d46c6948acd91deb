using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Cli.Commands;

/// <summary>What a quick look at a data set finds: enough to choose the sizes of a model.</summary>
/// <param name="Count">Training images.</param>
/// <param name="Classes">Classes; 0 for captioned images.</param>
/// <param name="Channels">1 where all images that were read are grey, else 3.</param>
/// <param name="Width">Median width, pixels.</param>
/// <param name="Height">Median height, pixels.</param>
/// <param name="IsOneSize">Whether all images that were read have the same size.</param>
/// <param name="Mean">Mean of each channel on the scale 0..1.</param>
/// <param name="Std">Standard deviation of each channel.</param>
/// <param name="HasTest">Whether there is a test or validation split.</param>
/// <param name="IsGenerated">Whether the images are generated.</param>
/// <param name="Words">For captioned images: how many words 95 % of the captions have at most; else 0.</param>
/// <param name="Read">Images that were read.</param>
/// <param name="Broken">Images that could not be read.</param>
internal sealed record DataSurvey(
    int Count, int Classes, int Channels, int Width, int Height, bool IsOneSize, IReadOnlyList<double> Mean, IReadOnlyList<double> Std,
    bool HasTest, bool IsGenerated, int Words, int Read, int Broken)
{
    private const int MaxRead = 200;
    private const int MaxCaptions = 5000;

    /// <summary>Whether the images have captions and no labels.</summary>
    public bool IsCaptioned => Classes == 0;

    /// <summary>Looks at the training split of data, through the same sources as training.</summary>
    /// <param name="data">A file, a folder or generated data.</param>
    /// <exception cref="TweedieException">Nothing is recognised, or no image can be read.</exception>
    public static DataSurvey Of(string data)
    {
        var (source, captions) = Open(data);
        var (images, broken) = (new List<RasterImage>(), 0);
        foreach (var index in Sample(source.Count, MaxRead))
        {
            try
            {
                images.Add(source.Read(index));
            }
            catch (TweedieException)
            {
                broken++;
            }
        }
        if (images.Count == 0)
            throw new TweedieException($"{source.Name}: none of {broken} images could be read; 'tweedie data inspect' says why.");
        var isGrey = images.All(IsGrey);
        var (mean, std) = Statistics(images, isGrey ? 1 : 3);
        return new DataSurvey(
            source.Count, captions is null ? source.ClassNames.Count : 0, isGrey ? 1 : 3,
            Median(images.Select(image => image.Width)), Median(images.Select(image => image.Height)), images.DistinctBy(image => (image.Width, image.Height)).Count() == 1,
            mean, std, FindTest(data, captions is not null), NamesGenerated(data), captions is null ? 0 : LongCaption(captions), images.Count, broken);
    }

    /// <summary>Whether a name is that of generated data, a word with settings, and not that of a file or folder.</summary>
    public static bool NamesGenerated(string data) => ImageSources.IsGenerated(data) || CaptionSources.IsGenerated(data);

    // Parquet files may have labels or captions; labels come first, as in the other commands.
    private static (IImageSource Source, ICaptionSource? Captions) Open(string data)
    {
        if (CaptionSources.Recognizes(data))
            return Captioned();
        try
        {
            return (ImageSources.Open(data, DataSplit.Train), null);
        }
        catch (TweedieException) when (HasCaptions())
        {
            return Captioned();
        }

        (IImageSource, ICaptionSource?) Captioned()
        {
            var captions = CaptionSources.Open(data, DataSplit.Train);
            return (captions, captions);
        }

        bool HasCaptions()
        {
            try
            {
                return CaptionSources.Open(data, DataSplit.Train).Count > 0;
            }
            catch (TweedieException)
            {
                return false;
            }
        }
    }

    private static bool FindTest(string data, bool isCaptioned)
    {
        if (!isCaptioned)
            return ImageSources.HasTestSplit(data);
        try
        {
            return CaptionSources.Open(data, DataSplit.Test).Count > 0;
        }
        catch (TweedieException)
        {
            return false;
        }
    }

    private static IEnumerable<int> Sample(int count, int most) => Enumerable.Range(0, Math.Min(count, most)).Select(i => (int)((long)i * count / Math.Min(count, most)));

    private static bool IsGrey(RasterImage image)
    {
        if (image.Channels == 1)
            return true;
        var pixels = image.Pixels;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
            if (pixels[i] != pixels[i + 1] || pixels[i] != pixels[i + 2])
                return false;
        return true;
    }

    private static (double[] Mean, double[] Std) Statistics(List<RasterImage> images, int channels)
    {
        var (sums, squares, counts) = (new double[channels], new double[channels], new long[channels]);
        foreach (var image in images)
        {
            var pixels = image.Pixels;
            for (var i = 0; i < pixels.Length; i++)
            {
                var (channel, value) = (channels == 1 ? 0 : image.Channels == 1 ? i % 3 : i % image.Channels, pixels[i] / 255.0);
                (sums[channel], squares[channel], counts[channel]) = (sums[channel] + value, squares[channel] + value * value, counts[channel] + 1);
            }
        }
        var mean = sums.Zip(counts, (sum, count) => sum / count).ToArray();
        return (mean, [.. squares.Select((square, channel) => Math.Sqrt(Math.Max(1e-4, square / counts[channel] - mean[channel] * mean[channel])))]);
    }

    private static int Median(IEnumerable<int> values) => values.Order().ToList() is var sorted ? sorted[sorted.Count / 2] : 0;

    private static int LongCaption(ICaptionSource captions)
    {
        var texts = Sample(captions.Count, MaxCaptions).SelectMany(captions.GetCaptions).ToList();
        var tokenizer = WordTokenizer.Build(texts);
        var lengths = texts.Select(text => tokenizer.Encode(text).Length).Order().ToList();
        return lengths[(int)(0.95 * (lengths.Count - 1))];
    }
}
