using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>The last and the best model of a run.</summary>
[Collection(GlobalState.Name)]
public sealed class RunModelsTests : IDisposable
{
    private static readonly double[] Rising = [0.2, 0.6, 0.4, 0.5];
    private static readonly ClassificationRun FourEpochs = TinyRun.Config.With(training => training with { Epochs = 4, KeepCheckpoints = 10 });

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(KeptModel.Best, "model", "model-last")]
    [InlineData(KeptModel.Last, "model-best", "model")]
    public void The_best_model_is_kept_beside_the_last(KeptModel keep, string best, string last)
    {
        var outcome = Train(keep, null, Metrics("top1.1steps.last", Rising));

        ShouldBe(best, step: 12);
        ShouldBe(last, step: 24);
        outcome.Best.Should().Be(new BestEvaluation { Metric = "top1.1steps.last", Value = 0.6, Step = 12 });
        (outcome.Images, outcome.Metrics["top1.1steps.last"]).Should().Be((24 * 16, 0.5));
        outcome.Time.Should().BePositive();
    }

    [Theory]
    [InlineData("validationLoss", new[] { 0.9, 0.3, 0.5, 0.4 }, 12)] // less is better
    [InlineData("top1.3steps.last", new[] { 0.5, 0.5, 0.5, 0.1 }, 18)] // of equal ones the later
    [InlineData("top1.3steps.last", new[] { double.NaN, 0.1, double.NaN, double.NaN }, 12)]
    public void The_metric_says_which_is_better(string metric, double[] values, long step)
    {
        Train(KeptModel.Best, metric, Metrics(metric, values)).Best!.Step.Should().Be(step);

        ShouldBe("model", step);
    }

    [Fact]
    public void A_name_without_a_setting_means_the_last_setting()
    {
        var outcome = Train(KeptModel.Best, "top1", number => new Dictionary<string, double> { ["top1.1steps.last"] = -number, ["top1.3steps.last"] = number, ["top5.3steps.last"] = -number });

        outcome.Best.Should().Be(new BestEvaluation { Metric = "top1.3steps.last", Value = 4, Step = 24 });
    }

    [Fact]
    public void Without_a_metric_the_model_is_the_last()
    {
        Train(KeptModel.Best, null, _ => new Dictionary<string, double>()).Best.Should().BeNull();

        ShouldBe("model", step: 24);
        Directory.Exists(_folder.Run.LastModel).Should().BeFalse();
    }

    [Fact]
    public void A_metric_that_is_not_measured_is_refused_with_those_that_are()
    {
        var train = () => Train(KeptModel.Best, "ciderD", Metrics("top1.1steps.last", Rising));
        train.Should().Throw<TweedieException>().WithMessage("evaluation.metric = ciderD: is not measured; use one of top1.1steps.last.");

        var options = () => _folder.Train(FourEpochs.Set("evaluation.metric=top2"));
        options.Should().Throw<TweedieException>().WithMessage("*evaluation.metric = \"top2\" does not tell which model is better (did you mean top1?); use one of top1, top5, *");
        options = () => _folder.Train(FourEpochs.Set("evaluation.metric=learningRate"));
        options.Should().Throw<TweedieException>().WithMessage("*evaluation.metric = \"learningRate\" does not tell*");
    }

    [Fact]
    public void There_is_a_model_from_the_first_evaluation_on()
    {
        var models = new List<bool>();
        _folder.Train(TinyRun.Config, reports: new Reports(_ => models.Add(Directory.Exists(_folder.Run.Model))));

        models.Should().Contain(true).And.Contain(false);
        models.IndexOf(true).Should().Be(8, "the start, six steps and the evaluation are reported before it is written");
    }

    [Theory]
    [InlineData(14)] // the best of all was before
    [InlineData(12)] // interrupted just before the evaluation that is the best
    public void A_resume_keeps_the_best_so_far(long interrupted)
    {
        using var stop = new CancellationTokenSource();
        using (var task = Task(FourEpochs, KeptModel.Best, null, Metrics("top1.1steps.last", 0.2, 0.6)))
        {
            var train = () => new Trainer(task, _folder.Run).Run(resume: false, progress: Reports.After(interrupted, stop.Cancel), cancellation: stop.Token);
            train.Should().Throw<OperationCanceledException>();
        }
        double[] rest = interrupted == 12 ? [0.6, 0.4, 0.5] : [0.4, 0.5];
        using var second = Task(FourEpochs, KeptModel.Best, null, Metrics("top1.1steps.last", rest));

        new Trainer(second, _folder.Run).Run(resume: true).Best!.Value.Should().Be(0.6);

        ShouldBe("model", step: 12);
        ShouldBe("model-last", step: 24);
    }

    [Fact]
    public void A_resume_may_keep_the_other_model()
    {
        Train(KeptModel.Best, null, Metrics("top1.1steps.last", Rising));
        using var task = Task(FourEpochs, KeptModel.Last, null, _ => Metrics("top1.1steps.last", 0.5)(1));

        new Trainer(task, _folder.Run).Run(resume: true);

        ShouldBe("model", step: 24);
        ShouldBe("model-best", step: 12);
        Directory.Exists(_folder.Run.LastModel).Should().BeFalse();
    }

    private static Func<int, IReadOnlyDictionary<string, double>> Metrics(string name, params double[] values) =>
        number => new Dictionary<string, double> { [name] = values[number - 1] };

    private static AlteredTask Task(ClassificationRun config, KeptModel keep, string? metric, Func<int, IReadOnlyDictionary<string, double>> evaluation) =>
        new((config with { Evaluation = config.Evaluation with { Keep = keep, Metric = metric } }).CreateTask(CPU)) { Evaluation = evaluation };

    private TrainingOutcome Train(KeptModel keep, string? metric, Func<int, IReadOnlyDictionary<string, double>> evaluation)
    {
        using var task = Task(FourEpochs, keep, metric, evaluation);
        return new Trainer(task, _folder.Run).Run(resume: false);
    }

    private void ShouldBe(string model, long step) =>
        File.ReadAllBytes(Path.Combine(_folder.Run.Path, model, "model.safetensors"))
            .Should().Equal(File.ReadAllBytes(Path.Combine(_folder.Run.Checkpoints, $"step-{step:D6}", "ema.safetensors")));
}
