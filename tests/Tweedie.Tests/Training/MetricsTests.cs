using System.Globalization;
using System.Text.Json.Nodes;
using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Metrics;
using Tweedie.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>The log of a training: names, units, times and the validation loss.</summary>
[Collection(GlobalState.Name)]
public sealed class MetricsTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_line_has_the_time_and_seconds_that_go_on_after_a_resume()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        _folder.TrainUntil(4, TinyRun.Config);
        var seconds = CheckpointStore.ReadState(Path.Combine(_folder.Run.Checkpoints, "step-000004")).Seconds;
        _folder.Train(TinyRun.Config, resume: true);

        var lines = Lines();
        lines.Select(line => (double)line["seconds"]!).Should().BeInAscendingOrder().And.OnlyContain(value => value > 0);
        seconds.Should().BePositive();
        lines.Where(line => (long)line["step"]! > 4).Should().OnlyContain(line => (double)line["seconds"]! >= seconds);
        lines.Select(line => (string)line["time"]!).Should().AllSatisfy(text =>
            DateTimeOffset.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).Should().BeOnOrAfter(before).And.BeOnOrBefore(DateTimeOffset.UtcNow));
    }

    [Theory]
    [InlineData(TokenMethod.Linear)]
    [InlineData(TokenMethod.Tdd)]
    public void The_validation_loss_depends_on_the_weights_alone(TokenMethod method)
    {
        using var task = (TinyRun.Config with { Model = TinyRun.Config.Model with { Method = method } }).CreateTask(CPU);

        manual_seed(1);
        var first = task.Evaluate(CancellationToken.None)["validationLoss"];
        manual_seed(2);
        task.Evaluate(CancellationToken.None)["validationLoss"].Should().Be(first);

        using (no_grad())
            task.AverageNetwork.parameters().First(parameter => parameter.dim() > 1).normal_(); // a layer norm takes what all numbers have in common away
        task.Evaluate(CancellationToken.None)["validationLoss"].Should().NotBe(first);
    }

    [Fact]
    public void The_validation_loss_of_a_linear_head_is_its_mean_cross_entropy()
    {
        var config = TinyRun.Config with { Model = TinyRun.Config.Model with { Method = TokenMethod.Linear } };
        var metrics = _folder.Train(config);

        using var scope = NewDisposeScope();
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        var held = ImageSplits.Open(config.Data, config.Seed).Held!;
        using var images = EncodedImages.Encode(classifier.Model, held, batchSize: 20);
        var labels = tensor([.. images.Indices.Select(index => (long)held.GetLabel(index))]);
        using var noGrad = no_grad();
        var loss = nn.functional.cross_entropy(classifier.Network.LinearLogits(images.Condition), labels, label_smoothing: config.Training.LabelSmoothing);
        metrics["validationLoss"].Should().BeApproximately(loss.item<float>(), 1e-5);
    }

    [Fact]
    public void A_training_that_learns_lowers_the_validation_loss()
    {
        _folder.Train(TinyRun.Config.With(training => training with { Epochs = 12 }));

        var losses = Lines().Select(line => line["validationLoss"]).OfType<JsonNode>().Select(value => (double)value).ToList();
        losses.Should().HaveCount(12);
        losses[^1].Should().BeLessThan(losses[0]);
    }

    [Fact]
    public void Every_name_in_the_log_is_in_the_table_of_metrics()
    {
        _folder.Train(TinyRun.Config);

        Lines().SelectMany(line => line.Select(pair => pair.Key)).Distinct().Except(["step", "time", "seconds"]).Should().OnlyContain(name => MetricInfo.Find(name) != null);
        MetricInfo.Find("imageToText.top1")!.Name.Should().Be("imageToText.top1");
        MetricInfo.Find("top1.20steps.consensus")!.Name.Should().Be("top1");
        MetricInfo.Find("top10").Should().BeNull();
    }

    [Theory]
    [InlineData("top1.20steps.last", 0.931, "93.10 %")]
    [InlineData("ciderD.100steps.last", 0.0561, "0.0561")]
    [InlineData("validationLoss", 2.3026, "2.3026")]
    [InlineData("badImages", 1234, "1,234")]
    [InlineData("imagesPerSecond", 812.6, "813")]
    public void People_read_shares_in_percent(string name, double value, string text) => MetricInfo.Show(name, value).Should().Be(text);

    [Fact]
    public void A_program_adds_its_own_metrics_once()
    {
        MetricInfo.Register(new("onlyHere", "only here", MetricUnit.Share, true, "A metric of this test."));

        MetricInfo.Find("onlyHere.own")!.Title.Should().Be("only here");
        FluentActions.Invoking(() => MetricInfo.Register(new("onlyHere", "", MetricUnit.Share, true, ""))).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => MetricInfo.Register(new("top1", "", MetricUnit.Share, true, ""))).Should().Throw<ArgumentException>();
    }

    private List<JsonObject> Lines() => [.. File.ReadLines(_folder.Run.Metrics).Select(line => JsonNode.Parse(line)!.AsObject())];
}
