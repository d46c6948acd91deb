using System.Text.Json;
using System.Text.Json.Serialization;
using TorchSharp;
using Tweedie.Images;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Steps whose loss or gradient is not finite never change a weight.</summary>
[Collection(GlobalState.Name)]
public sealed class NonFiniteTests : IDisposable
{
    private static readonly ClassificationRun _skipping = TinyRun.Config.With(training => training with { NonFinite = NonFinitePolicy.Skip, MaxSkippedSteps = 2 });
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    private readonly TrainingFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_step_that_is_not_finite_can_be_left_out_and_changes_nothing(double factor)
    {
        using var task = new AlteredTask(_skipping.CreateTask(CPU), (step, loss) => step is 5 ? loss.Times(factor) : loss);
        Dictionary<string, Tensor>? before = null;
        var reports = new Reports(report =>
        {
            if (report.Step == 4 && report.Metrics is null && report.Warning is null)
                before = Weights(task);
            if (report.Step == 5 && report.Metrics is null && report.Warning is null)
                foreach (var (name, weight) in Weights(task))
                    weight.ShouldEqual(before![name]);
        });

        new Trainer(task, _folder.Run).Run(resume: false, progress: reports);

        reports.Warnings.Should().ContainSingle().Which.Should().Contain("of step 5 is not finite: left out, 1 of at most 2");
        reports.Steps.Select(report => report.Step).Should().Equal(Enumerable.Range(1, TinyRun.Steps).Select(step => (long)step));
        reports.Steps.Should().OnlyContain(report => double.IsFinite(report.Loss));
        var state = CheckpointStore.ReadState(Path.Combine(_folder.Run.Checkpoints, "step-000012"));
        (state.Step, state.Skipped).Should().Be((12, 1));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_counts_though_the_loss_is()
    {
        // The derivative of the square root is infinite at 0, where its value is 0.
        using var task = new AlteredTask(_skipping.CreateTask(CPU), (step, loss) => step is 5 ? loss.Plus((loss - loss.detach()).sqrt()) : loss);

        new Trainer(task, _folder.Run).Run(resume: false);

        var recorded = Recorded().Should().ContainSingle().Which;
        recorded.Loss.Should().BeInRange(0.1, 10);
        double.IsFinite(recorded.GradientNorm).Should().BeFalse();
    }

    [Fact]
    public void More_of_them_than_allowed_end_the_training_across_a_resume_too()
    {
        Func<int, Tensor, Tensor> poison = (step, loss) => step is 2 or 4 or 5 ? loss.Times(double.NaN) : loss;
        using var task = new AlteredTask(_skipping.CreateTask(CPU), poison);

        var train = () => new Trainer(task, _folder.Run).Run(resume: false);

        train.Should().Throw<TweedieException>()
            .WithMessage("*of step 5 is not finite, after 2 others that were left out (training.maxSkippedSteps = 2); train in another folder*");
        Recorded().Select(step => step.Step).Should().Equal(2, 4, 5);
    }

    [Fact]
    public void The_count_is_kept_in_the_checkpoint()
    {
        using (var task = new AlteredTask(_skipping.CreateTask(CPU), (step, loss) => step is 2 or 4 ? loss.Times(double.NaN) : loss))
        using (var stop = new CancellationTokenSource())
        {
            var train = () => new Trainer(task, _folder.Run).Run(resume: false, progress: Reports.After(5, stop.Cancel), cancellation: stop.Token);
            train.Should().Throw<OperationCanceledException>();
        }
        using var second = new AlteredTask(_skipping.CreateTask(CPU), (step, loss) => step is 1 ? loss.Times(double.NaN) : loss);

        var resume = () => new Trainer(second, _folder.Run).Run(resume: true);

        resume.Should().Throw<TweedieException>().WithMessage("*of step 6 is not finite, after 2 others*");
    }

    [Fact]
    public void The_record_is_enough_to_compute_the_step_again()
    {
        var config = _skipping with { Seed = 8 };
        var losses = new List<float>();
        using var task = new AlteredTask(config.CreateTask(CPU), (step, loss) =>
        {
            losses.Add(loss.item<float>());
            return step is 8 ? loss.Times(double.NaN) : loss;
        });
        Dictionary<string, Tensor>? before = null;
        new Trainer(task, _folder.Run).Run(resume: false, progress: Reports.After(7, () => before = Weights(task)));
        var recorded = Recorded().Should().ContainSingle().Which;

        using var again = config.CreateTask(CPU);
        using (no_grad())
            foreach (var (name, weight) in again.Network.named_parameters())
                weight.copy_(before![name]);
        again.Network.train();
        using var batch = again.Batches(recorded.Epoch, recorded.Batch, BatchPart.Whole, CancellationToken.None).First();
        manual_seed(recorded.Seed);

        batch.Indices.Should().Equal(recorded.Samples);
        again.Loss(batch).item<float>().Should().Be(losses[7]);
        (recorded.Step, recorded.Epoch, recorded.Batch, recorded.Loss).Should().Be((8, 1, 1, double.NaN));
    }

    [Fact]
    public void Weights_that_are_not_finite_are_never_saved()
    {
        using var task = new AlteredTask(TinyRun.Config.CreateTask(CPU), (_, loss) => loss);
        var poison = Reports.After(12, () =>
        {
            using var noGrad = no_grad();
            task.Network.parameters().First().Fill(double.NaN);
        });

        var train = () => new Trainer(task, _folder.Run).Run(resume: false, progress: poison);

        train.Should().Throw<TweedieException>().WithMessage("*the weights after step 12 are not finite and are not saved, earlier checkpoints are whole;*");
        _folder.Checkpoints.Should().Equal("step-000006");
    }

    private List<NonFiniteStep> Recorded() => [.. File.ReadLines(_folder.Run.NonFinite).Select(line => JsonSerializer.Deserialize<NonFiniteStep>(line, _json)!)];

    private static Dictionary<string, Tensor> Weights(AlteredTask task) =>
        task.Network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.detach().clone());
}
