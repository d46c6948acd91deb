using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Cli.Commands;

/// <summary>The images whose denoising the demo shows, picked by a rule that the demo states.</summary>
/// <param name="Index">The image's index in the test set.</param>
/// <param name="Rule">Why it was picked, in a sentence.</param>
internal sealed record DemoExample(int Index, string Rule)
{
    private const int Candidates = 100;

    /// <summary>Picks an image whose label changes on the way.</summary>
    public static DemoExample OfLabels(ImageClassifier classifier, IImageSource test, SamplingOptions sampling, CancellationToken cancellation)
    {
        var steps = Trajectories(classifier.Model, test, sampling, top: int.MaxValue, cancellation);
        var items = Enumerable.Range(0, steps[0].Tokens.Count).ToList();
        return PickLabel(
            items.ConvertAll(item => steps.Select(step => step.Tokens[item][0]).ToArray()),
            items.ConvertAll(item => (long)test.GetLabel(item)),
            items.ConvertAll(item => Movement([.. steps.Select(step => Distribution(step, item))])));
    }

    /// <summary>Picks a scene whose caption comes out right after many changes.</summary>
    public static DemoExample OfCaptions(ImageCaptioner captioner, SceneSource test, SamplingOptions sampling, CancellationToken cancellation)
    {
        var sentences = Trajectories(captioner.Model, test, sampling, top: 0, cancellation)
            .ConvertAll(step => step.Tokens.Select(row => row.TakeWhile(token => token != captioner.Tokenizer.Special.End).ToArray()).ToList());
        var items = Enumerable.Range(0, sentences[0].Count).ToList();
        return PickScene(
            items.ConvertAll(item => test.GetScene(item).Equals(SceneParser.Parse(captioner.Sentence(sentences[^1][item])))),
            items.ConvertAll(item => sentences.Zip(sentences.Skip(1), (before, after) => before[item].Zip(after[item]).Count(pair => pair.First != pair.Second)).Sum()));
    }

    /// <summary>The first label that changes and ends right, else the first that changes, else the distribution that moves most.</summary>
    /// <param name="choices">For each image, the choice of each step.</param>
    /// <param name="labels">The right class of each image.</param>
    /// <param name="movements">How far each image's distribution moves over the steps.</param>
    internal static DemoExample PickLabel(IReadOnlyList<long[]> choices, IReadOnlyList<long> labels, IReadOnlyList<double> movements)
    {
        var changing = Enumerable.Range(0, choices.Count).Where(item => choices[item].Distinct().Count() > 1).ToList();
        var of = $"Of the first {choices.Count} test images, this is the";
        if (changing.FindIndex(item => choices[item][^1] == labels[item]) is >= 0 and var corrected)
            return new(changing[corrected], $"{of} first whose label changes on the way and ends right.");
        return changing.Count > 0 ? new(changing[0], $"{of} first whose label changes on the way; no such label ends right.")
            : new(movements.Index().MaxBy(entry => entry.Item).Index, $"{of} one whose distribution moves most; no label changes on the way.");
    }

    /// <summary>Among the scenes whose caption ends right, the first whose words change most often; the first scene if none ends right.</summary>
    /// <param name="right">For each scene, whether its last caption is right.</param>
    /// <param name="changes">For each scene, how many words change from a step to the next, over all steps.</param>
    internal static DemoExample PickScene(IReadOnlyList<bool> right, IReadOnlyList<int> changes)
    {
        var good = Enumerable.Range(0, right.Count).Where(item => right[item]).ToList();
        return good.Count == 0 ? new(0, $"None of the first {right.Count} test scenes gets a right caption; this is the first scene.")
            : new(good.MaxBy(item => changes[item]), $"Of the first {right.Count} test scenes, {good.Count} get a right caption; of these, this is the one whose words change most often.");
    }

    // Each image is denoised as it would be alone, so that the command that the demo prints shows the same.
    private static List<StepSnapshot> Trajectories(TokenModel model, IImageSource test, SamplingOptions sampling, int top, CancellationToken cancellation)
    {
        using var scope = NewDisposeScope();
        var count = Math.Min(Candidates, test.Count);
        var condition = model.Encode(model.Prepare([.. Enumerable.Range(0, count).Select(test.Read)]));
        return [.. model.Denoise(condition, model.Reverse(sampling), sampling.Seed, items: new int[count], cancellation: cancellation).Select(step => step.Snapshot(top))];
    }

    private static Dictionary<long, float> Distribution(StepSnapshot step, int item) => step.Entries[item][0].Zip(step.Probabilities[item][0]).ToDictionary();

    // How much the distribution changes over the steps: the total variation from each step to the next, added up.
    private static double Movement(List<Dictionary<long, float>> steps) =>
        steps.Zip(steps.Skip(1), (before, after) => before.Sum(entry => Math.Abs(entry.Value - after[entry.Key])) / 2.0).Sum();
}
