using System.Globalization;
using System.Text;

namespace Tweedie.Cli.Commands;

/// <summary>A commented config for data, with sizes that fit them and one processor.</summary>
internal static class StarterConfig
{
    private const int ClassSteps = 3000, CaptionSteps = 5000;

    /// <summary>Images of at most this side keep it; larger ones are resized.</summary>
    private const int SmallSide = 48, MiddleSide = 96;

    /// <summary>Writes the config.</summary>
    /// <param name="data">The data as the config names them.</param>
    /// <param name="name">What runs of the config are called: the name of its file without the ending.</param>
    /// <param name="look">What the data are like.</param>
    public static string Write(string data, string name, DataSurvey look)
    {
        var holdout = look.Count < 20 ? 0 : Math.Min(5000, look.Count / 10);
        var images = look.Count - holdout;
        var batch = Batch(images, look.IsCaptioned ? 32 : 64);
        var epochs = Math.Clamp((int)Math.Ceiling((double)(look.IsCaptioned ? CaptionSteps : ClassSteps) * batch / images), 5, 100);
        var (side, patch) = Input(Math.Min(look.Width, look.Height), look.IsCaptioned);
        var isLarge = side > SmallSide && !look.IsCaptioned;
        var (width, depth, heads) = isLarge ? (192, 6, 3) : (128, 4, 4);
        var text = new StringBuilder();
        Line($"# {(look.IsCaptioned ? "Captions" : "Classes")} of {name} by one-hot diffusion: a start that fits the data and one processor. 'tweedie config KEY' explains a key.");
        Line("#");
        Line($"# Data:  {Describe(look)}");
        Line($"# Plan:  tweedie train --config {name}.yaml --dry-run");
        Line($"# Run:   tweedie train --config {name}.yaml");
        Line("");
        Line($"task: {(look.IsCaptioned ? "caption" : "classification")}");
        Line("seed: 1");
        Line("data:");
        Line($"  train: {data}{(look.IsGenerated ? "" : " # relative to the folder of this file")}");
        if (holdout > 0)
            Line($"  holdout: {holdout} # for choosing{(look.HasTest ? "; the test images are for reporting only" : " and reporting: there are no test images")}");
        Line($"  augment: {Augment(look, side)}");
        Line($"  mean: [{Numbers(look.Mean)}] # measured on {look.Read} images");
        Line($"  std: [{Numbers(look.Std)}]");
        if (look.IsCaptioned)
        {
            Line("tokenizer:");
            Line($"  minimumCount: {(images > 1000 && !look.IsGenerated ? 3 : 1)} # rarer words of the captions are unknown");
        }
        Line("model:");
        Line($"  method: tdd # or {(look.IsCaptioned ? "mdd, the masked baseline" : "linear, the usual head")}");
        if (look.IsCaptioned)
        {
            Line($"  tokens: {Math.Clamp(look.Words + 1, 8, 64)} # 95 % of the captions have at most {look.Words} words; one more token ends them");
            Line("  condition: allTokens");
        }
        var channels = look.Channels == 1 ? ", channels: 1" : "";
        Line($"  encoder: {{ imageSize: {side}{channels}, patchSize: {patch}, width: {width}, depth: {depth}, heads: {heads}, mlpRatio: 2 }} # {side / patch * (side / patch)} patches");
        Line($"  denoiser: {{ width: {width}, depth: {(look.IsCaptioned ? 3 : 2)}, heads: {heads}, mlpRatio: 2 }}");
        Line("training:");
        Line($"  epochs: {epochs} # {epochs * (images / batch):N0} steps");
        Line($"  batchSize: {batch}");
        Line($"  learningRate: {(look.IsCaptioned ? 0.5 : 0.2) / batch:0.####} # at a batch of 256; it is scaled to the batch");
        Line($"  warmupEpochs: {Math.Max(1, epochs / 10)}");
        Line("  weightDecay: 0.05");
        Line($"  emaDecay: {(epochs * (images / batch) < 2000 ? "0.99" : "0.999")}");
        Line($"  labelSmoothing: {(look.IsGenerated ? "0" : "0.1")}");
        Line("  coefficient: false");
        Line($"  reuse: {(look.IsCaptioned ? 2 : 4)}");
        Line("  conditionDropout: 0.1 # for guidance");
        Line("evaluation:");
        Line($"  everyEpochs: {Math.Max(1, epochs / 5)}");
        Line($"  steps: {(look.IsCaptioned ? "[20]" : "[1, 20]")}");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>The data in one line.</summary>
    public static string Describe(DataSurvey look)
    {
        var kind = look.IsCaptioned ? "captioned images" : $"images of {look.Classes:N0} {(look.Classes == 1 ? "class" : "classes")}";
        var size = look.IsOneSize ? $"{look.Width}x{look.Height} pixels" : $"of several sizes, median {look.Width}x{look.Height} pixels";
        var broken = look.Broken > 0 ? $", {look.Broken} of {look.Read + look.Broken} could not be read" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{look.Count:N0} {kind}, {(look.Channels == 1 ? "grey" : "colour")}, {size}, {(look.HasTest ? "with" : "without")} test images{broken}");
    }

    // Small images keep their size, to a multiple of four patches; photographs are seen at 128 pixels.
    private static (int Side, int Patch) Input(int shorter, bool isCaptioned) => shorter switch
    {
        <= SmallSide => (Math.Max(8, shorter / 4 * 4), Math.Max(2, shorter / 4)),
        <= MiddleSide => (64, isCaptioned ? 16 : 8),
        _ => (128, isCaptioned ? 32 : 16),
    };

    // Several batches per epoch, also of few images.
    private static int Batch(int images, int usual)
    {
        var batch = usual;
        while (batch > 1 && batch * 4 > images)
            batch /= 2;
        return batch;
    }

    private static string Augment(DataSurvey look, int side)
    {
        if (look.IsGenerated)
            return "{} # generated images are new enough";
        if (look.IsCaptioned)
            return "{ randomResizedCrop: { minArea: 0.6 } } # no flip: captions say left and right";
        if (look.Channels == 1)
            return "{} # add flip: true if mirrored images have the same label";
        return side > SmallSide ? "{ randomResizedCrop: { minArea: 0.25 }, flip: true } # no flip if left and right matter"
            : $"{{ padCrop: {Math.Max(1, side / 8)}, flip: true }} # no flip if left and right matter";
    }

    private static string Numbers(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)));
}
