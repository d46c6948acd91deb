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
    /// <param name="survey">The survey of the data.</param>
    public static string Write(string data, string name, DataSurvey survey)
    {
        var holdout = survey.Count < 20 ? 0 : Math.Min(5000, survey.Count / 10);
        var images = survey.Count - holdout;
        var batch = Batch(images, survey.IsCaptioned ? 32 : 64);
        var epochs = Math.Clamp((int)Math.Ceiling((double)(survey.IsCaptioned ? CaptionSteps : ClassSteps) * batch / images), 5, 100);
        var (side, patch) = Input(Math.Min(survey.Width, survey.Height), survey.IsCaptioned);
        var isLarge = side > SmallSide && !survey.IsCaptioned;
        var (width, depth, heads) = isLarge ? (192, 6, 3) : (128, 4, 4);
        var text = new StringBuilder();
        Line($"# {(survey.IsCaptioned ? "Captions" : "Classes")} of {name} by one-hot diffusion: a start that fits the data and one processor. 'tweedie config KEY' explains a key.");
        Line("#");
        Line($"# Data:  {Describe(survey)}");
        Line($"# Plan:  tweedie train --config {ShellWord.Quote(name + ".yaml")} --dry-run");
        Line($"# Run:   tweedie train --config {ShellWord.Quote(name + ".yaml")}");
        Line("");
        Line($"task: {(survey.IsCaptioned ? "caption" : "classification")}");
        Line("seed: 1");
        Line("data:");
        Line($"  train: {data}{(survey.IsGenerated ? "" : " # relative to the folder of this file")}");
        if (holdout > 0)
            Line($"  holdout: {holdout} # for choosing{(survey.HasTest ? "; the test images are for reporting only" : " and reporting: there are no test images")}");
        Line($"  augment: {Augment(survey, side)}");
        Line($"  mean: [{Numbers(survey.Mean)}] # measured on {survey.Read} images");
        Line($"  std: [{Numbers(survey.Std)}]");
        if (survey.IsCaptioned)
        {
            Line("tokenizer:");
            Line($"  minimumCount: {(images > 1000 && !survey.IsGenerated ? 3 : 1)} # rarer words of the captions are unknown");
        }
        Line("model:");
        Line($"  method: tdd # or {(survey.IsCaptioned ? "mdd, the masked baseline" : "linear, the usual head")}");
        if (survey.IsCaptioned)
        {
            Line($"  tokens: {Math.Clamp(survey.Words + 1, 8, 64)} # 95 % of the captions have at most {survey.Words} words; one more token ends them");
            Line("  condition: allTokens");
        }
        var channels = survey.Channels == 1 ? ", channels: 1" : "";
        Line($"  encoder: {{ imageSize: {side}{channels}, patchSize: {patch}, width: {width}, depth: {depth}, heads: {heads}, mlpRatio: 2 }} # {side / patch * (side / patch)} patches");
        Line($"  denoiser: {{ width: {width}, depth: {(survey.IsCaptioned ? 3 : 2)}, heads: {heads}, mlpRatio: 2 }}");
        Line("training:");
        Line($"  epochs: {epochs} # {epochs * (images / batch):N0} steps");
        Line($"  batchSize: {batch}");
        Line($"  learningRate: {(survey.IsCaptioned ? 0.5 : 0.2) / batch:0.####} # at a batch of 256; it is scaled to the batch");
        Line($"  warmupEpochs: {Math.Max(1, epochs / 10)}");
        Line("  weightDecay: 0.05");
        Line($"  emaDecay: {(epochs * (images / batch) < 2000 ? "0.99" : "0.999")}");
        Line($"  labelSmoothing: {(survey.IsGenerated ? "0" : "0.1")}");
        Line("  coefficient: false");
        Line($"  reuse: {(survey.IsCaptioned ? 2 : 4)}");
        Line("  conditionDropout: 0.1 # for guidance");
        Line("evaluation:");
        Line($"  everyEpochs: {Math.Max(1, epochs / 5)}");
        Line($"  steps: {(survey.IsCaptioned ? "[20]" : "[1, 20]")}");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>The data in one line.</summary>
    public static string Describe(DataSurvey survey)
    {
        var kind = survey.IsCaptioned ? "captioned images" : $"images of {survey.Classes:N0} {(survey.Classes == 1 ? "class" : "classes")}";
        var size = survey.IsOneSize ? $"{survey.Width}x{survey.Height} pixels" : $"of several sizes, median {survey.Width}x{survey.Height} pixels";
        var broken = survey.Broken > 0 ? $", {survey.Broken} of {survey.Read + survey.Broken} could not be read" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{survey.Count:N0} {kind}, {(survey.Channels == 1 ? "grey" : "colour")}, {size}, {(survey.HasTest ? "with" : "without")} test images{broken}");
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

    private static string Augment(DataSurvey survey, int side)
    {
        if (survey.IsGenerated)
            return "{} # generated images are new enough";
        if (survey.IsCaptioned)
            return "{ randomResizedCrop: { minArea: 0.6 } } # no flip: captions say left and right";
        if (survey.Channels == 1)
            return "{} # add flip: true if mirrored images have the same label";
        return side > SmallSide ? "{ randomResizedCrop: { minArea: 0.25 }, flip: true } # no flip if left and right matter"
            : $"{{ padCrop: {Math.Max(1, side / 8)}, flip: true }} # no flip if left and right matter";
    }

    private static string Numbers(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString("0.000", CultureInfo.InvariantCulture)));
}
