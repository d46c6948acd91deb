using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>Processes that train together stop, fail and continue together.</summary>
[Collection(GlobalState.Name)]
public sealed class AgreementTests : IDisposable
{
    private static readonly ClassificationRun _run = ParallelRuns.Classifier;

    private readonly TrainingFolder _folder = new();
    private readonly TrainingFolder _whole = new();

    public void Dispose()
    {
        _folder.Dispose();
        _whole.Dispose();
    }

    [Fact]
    public void Where_one_process_is_asked_to_stop_all_stop_after_the_same_step_and_resume_to_the_same_weights()
    {
        _whole.Train(2, _run);

        _folder.TrainUntil(4, _run, processes: 2, stopped: 1);
        CheckpointStore.ReadState(new CheckpointStore(_folder.Run.Checkpoints, keep: 2).Latest!).Step.Should().Be(4);
        _folder.Train(2, _run, resume: true);

        _folder.Weights().Should().BeEquivalentTo(_whole.Weights());
    }

    [Fact]
    public void A_run_may_be_resumed_with_another_number_of_processes_and_says_so()
    {
        var run = _run.With(training => training with { Accumulation = 4 });
        _whole.Train(run);

        var reports = new Reports();
        _folder.TrainUntil(3, run);
        _folder.TrainUntil(5, run, resume: true, processes: 2, reports: reports);
        _folder.TrainUntil(8, run, resume: true, processes: 4, reports: reports);
        _folder.Train(run, resume: true, reports: reports);

        reports.Warnings.Should().HaveCount(3).And.AllSatisfy(warning => warning.Should().Contain("differ by rounding"));
        reports.Warnings.First().Should().StartWith("processes = 2 instead of 1: ");
        var (weights, expected) = (Average(_folder), Average(_whole));
        foreach (var (name, tensor) in weights)
            tensor.ShouldBeWithin(1e-3, expected[name]);
    }

    [Fact]
    public void Another_number_of_micro_batches_is_named_on_resume()
    {
        var reports = new Reports();
        _folder.TrainUntil(3, _run);
        _folder.TrainUntil(4, _run, resume: true, processes: 2, reports: reports);

        reports.Warnings.Should().ContainSingle().Which.Should().Be("processes = 2 instead of 1: a batch has 2 micro-batches instead of 1, which draw other noise");
    }

    [Theory]
    [InlineData(3, 1, "training.batchSize = 16: 3 processes cannot share a batch of this size evenly; give a multiple of 3")]
    [InlineData(2, 3, "training.accumulation = 3: 2 processes cannot share so many micro-batches evenly; give a multiple of 2")]
    public void Processes_that_cannot_share_a_batch_are_refused(int processes, int accumulation, string message)
    {
        var run = _run.With(training => training with { Accumulation = accumulation, BatchSize = accumulation == 3 ? 18 : 16 });

        var train = () => _folder.Train(processes, run);

        train.Should().Throw<TweedieException>().WithMessage($"{message}*");
    }

    [Theory]
    [InlineData("seed=4", "'seed: 4' instead of 'seed: 3' in the config")]
    [InlineData("data.train=shapes:count=116,size=16,seed=9", "in the config")]
    public void A_process_with_another_config_is_named_before_the_first_step(string change, string difference)
    {
        var errors = Errors(2, rank => rank == 1 ? _run.Set(change) : _run);

        errors[0].Should().BeOfType<OtherProcessException>().Which.Rank.Should().Be(1);
        errors[1].Should().BeOfType<TweedieException>().Which.Message.Should().Contain("differs from the process 0: ").And.Contain(difference).And.NotContain("\n");
        Directory.Exists(_folder.Run.Checkpoints).Should().BeFalse();
    }

    [Fact]
    public void A_process_that_cannot_read_its_data_ends_all()
    {
        var errors = Errors(4, rank => rank == 1 ? _run with { Data = _run.Data with { Train = "/no/such/folder" } } : _run);

        errors[0].Should().BeOfType<OtherProcessException>();
        errors[1].Should().BeOfType<TweedieException>().Which.Message.Should().Contain("/no/such/folder");
        errors[2].Should().BeOfType<OtherProcessException>();
    }

    [Fact]
    public void A_step_that_is_not_finite_in_one_process_is_left_out_in_all()
    {
        var run = _run.With(training => training with { NonFinite = NonFinitePolicy.Skip });
        var reports = new Reports();

        TurnTaking.Run(2, collective =>
        {
            using var inner = run.CreateTask(TorchSharp.torch.CPU);
            using var task = new AlteredTask(inner, (number, loss) => collective.Rank == 1 && number == 3 ? loss.Times(double.NaN) : loss);
            return new Trainer(task, _folder.Run, collective).Run(resume: false, progress: collective.Rank == 0 ? reports : null);
        });

        reports.Warnings.Should().ContainSingle().Which.Should().Contain("of step 3 is not finite: left out, 1 of at most 10");
        CheckpointStore.ReadState(new CheckpointStore(_folder.Run.Checkpoints, keep: 2).Latest!).Skipped.Should().Be(1);
        var line = File.ReadLines(_folder.Run.NonFinite).Single();
        System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty("samples").GetArrayLength().Should().Be(16, "the samples of both processes are recorded");
    }

    [Fact]
    public void The_time_of_communication_is_logged_where_there_is_any()
    {
        _whole.Train(_run);
        _folder.Train(2, _run);

        File.ReadLines(_whole.Run.Metrics).Should().NotContain(line => line.Contains("communicationShare"));
        File.ReadLines(_folder.Run.Metrics).Where(line => line.Contains("\"loss\"")).Should().OnlyContain(line => line.Contains("\"communicationShare\":"));
    }

    private Exception?[] Errors(int processes, Func<int, RunConfig> run) => TurnTaking.Run(processes, collective =>
    {
        try
        {
            _folder.Train(run(collective.Rank), collective: collective);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    });

    private static Dictionary<string, TorchSharp.torch.Tensor> Average(TrainingFolder folder) =>
        Tweedie.Formats.SafeTensors.Load(Path.Combine(folder.Run.Model, "model.safetensors")).ToDictionary();
}
