using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tests.Models;
using Tweedie.Tokens;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Trainings of annotators, and what they predict.</summary>
[Collection(GlobalState.Name)]
public sealed class AnnotationTrainingTests : IDisposable
{
    private static readonly AnnotationRun Run = new()
    {
        Seed = 3,
        Data = new DataOptions { Train = "scenes:count=64,val=12", HoldoutFrom = HoldoutSource.Validation, Workers = 0 },
        Model = new() { Encoder = TinyRun.Encoder with { ImageSize = 32 }, Denoiser = TinyRun.Denoiser },
        Training = TinyRun.Config.Training with { ConditionDropout = 0.2 },
        Evaluation = new EvaluationOptions { EveryEpochs = 1, Steps = [3] },
    };

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void An_annotator_trains_is_saved_and_annotates(TokenMethod method)
    {
        var numbers = _folder.Train(Run with { Model = Run.Model with { Method = method }, Training = method == TokenMethod.Ar ? Run.Training with { Reuse = 1 } : Run.Training });

        var steps = method == TokenMethod.Ar ? 12 : 3;
        numbers.Keys.Should().BeEquivalentTo($"exactRows.{steps}steps.last", $"exactTokens.{steps}steps.last", "validationLoss");
        numbers[$"exactTokens.{steps}steps.last"].Should().BeInRange(0.1, 1);
        using var annotator = ImageAnnotator.Load(_folder.Run.Model);
        annotator.Columns.Should().HaveCount(12);
        using var scope = NewDisposeScope();
        var condition = annotator.Encode(annotator.Prepare([new SceneSource(2).Read(0), new SceneSource(2).Read(1)]));
        var known = Enumerable.Range(0, 2).Select(_ => Enumerable.Repeat(ITokenRowSource.Missing, 12).ToArray()).ToArray();
        known[1][4] = annotator.Columns.Find(4, "red");

        var answers = annotator.Annotate(condition, known);

        answers.Should().HaveCount(2).And.OnlyContain(row => row.Count == 12);
        answers[1][4].Should().Be(new Annotation("TopRight color", "red", answers[1][4].Probability));
        answers[1][4].Probability.Should().BeApproximately(1, 1e-5);
        answers.SelectMany(row => row).Should().OnlyContain(attribute => annotator.Columns.Single(column => column.Name == attribute.Name).Entries.Contains(attribute.Entry));
        annotator.Annotate(condition)[0].Select(attribute => attribute.Entry).Should().Equal(answers[0].Select(attribute => attribute.Entry), "an image's answer depends on it alone");
    }

    [Fact]
    public void A_resumed_training_ends_with_the_same_weights()
    {
        using var whole = new TrainingFolder();
        whole.Train(Run);

        _folder.TrainUntil(5, Run);
        _folder.Train(Run, resume: true);

        _folder.Weights().Should().BeEquivalentTo(whole.Weights());
    }

    [Fact]
    public void Attributes_are_counted_one_by_one_and_by_image()
    {
        var source = AnnotatedSources.Open("scenes:test=3", DataSplit.Test);
        var (rows, metric) = (new long[36], new SolvedProblems(source));
        for (var index = 0; index < 3; index++)
            source.ReadRow(index, rows.AsSpan(index * 12, 12));
        rows[13] = (rows[13] + 1) % 2;
        using var tokens = tensor(rows, [3, 12]);

        metric.Add(new PredictedBatch([0, 1, 2], tokens, null));

        metric.Values()["exactRows"].Should().BeApproximately(2 / 3.0, 1e-12);
        metric.Values()["exactTokens"].Should().BeApproximately(35 / 36.0, 1e-12);
    }

    [Fact]
    public void An_entry_of_another_column_is_never_predicted()
    {
        var columns = new TokenColumns([new("one", ["a", "b", "c", "d", "e"]), new("two", ["a", "b"])]);
        var options = new AnnotatorOptions { Tokens = 2, Encoder = TinyRun.Encoder, Denoiser = TinyRun.Denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.5, 0.5, 0.5] };
        var network = TokenNetwork.Create(options, columns.VocabularySize);
        TinyNetwork.Randomize(network);
        using (var noGrad = no_grad())
            network.get_parameter("denoiser.head.bias")!.copy_(tensor([0f, 0, 0, 0, 50]));
        using var annotator = new ImageAnnotator(options, network, columns);
        using var images = randn(4, 3, TinyRun.Encoder.ImageSize, TinyRun.Encoder.ImageSize);
        using var condition = annotator.Encode(images);

        annotator.Annotate(condition, sampling: new() { Steps = 2 }).Should().OnlyContain(row => row[0].Entry == "e" && row[1].Entry != "e");
    }
}
