using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Several processes give the numbers of one process that takes as many micro-batches.</summary>
[Collection(GlobalState.Name)]
public sealed class SameNumbersTests : IDisposable
{
    private readonly TemporaryFolder _files = new();
    private readonly TrainingFolder _one = new();
    private readonly TrainingFolder _several = new();

    public static TheoryData<string> Runs => ParallelRuns.Names;

    public void Dispose()
    {
        _files.Dispose();
        _one.Dispose();
        _several.Dispose();
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Two_processes_give_the_weights_of_two_micro_batches_to_the_bit(string name)
    {
        var run = ParallelRuns.Of(name, _files.Path);
        var (alone, together) = (new Reports(), new Reports());

        var metrics = _one.Train(run with { Training = run.Training with { Accumulation = 2 } }, reports: alone);
        var shared = _several.Train(2, run, reports: together);

        shared.Should().AllBeEquivalentTo(metrics);
        together.Steps.Select(step => (step.Loss, step.GradientNorm)).Should().Equal(alone.Steps.Select(step => (step.Loss, step.GradientNorm)));
        var (weights, expected) = (_several.Weights(), _one.Weights());
        weights.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (file, bytes) in weights)
            bytes.AsSpan().SequenceEqual(expected[file]).Should().BeTrue($"{file} must not depend on the number of processes");
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void Four_processes_give_the_weights_of_four_micro_batches_but_for_rounding(string name)
    {
        var run = ParallelRuns.Of(name, _files.Path);

        var one = AfterOneStep(run with { Training = run.Training with { Accumulation = 4 } }, 1);
        var four = AfterOneStep(run, 4);

        var difference = one.Sum(pair => (pair.Value - four[pair.Key]).nan_to_num().Squared().sum(float64).item<double>());
        var size = one.Sum(pair => pair.Value.nan_to_num().Squared().sum(float64).item<double>());
        Math.Sqrt(difference / size).Should().BeLessThan(1e-6);
    }

    [Fact]
    public void After_a_hundred_steps_the_loss_of_four_processes_is_that_of_one()
    {
        var run = ParallelRuns.Classifier.With(training => training with { Epochs = 17, CheckpointEpochs = 100 }) with { Evaluation = new() { EveryEpochs = 0 } };
        var (alone, together) = (new Reports(), new Reports());

        _one.TrainUntil(100, run.With(training => training with { Accumulation = 4 }), reports: alone);
        _several.TrainUntil(100, run, processes: 4, reports: together);

        together.Steps.Last().Loss.Should().BeApproximately(alone.Steps.Last().Loss, 1e-3);
    }

    [Fact]
    public void Processes_share_the_micro_batches_that_a_config_asks_for()
    {
        var run = ParallelRuns.Classifier.With(training => training with { Accumulation = 4, Epochs = 1 });
        _one.Train(run);
        _several.Train(2, run);

        var (one, two) = (Network(_one), Network(_several));
        foreach (var (name, weights) in one)
            two[name].ShouldBeWithin(1e-3, weights);
    }

    [Theory]
    [InlineData("classifier")]
    [InlineData("captioner")]
    [InlineData("text")]
    [InlineData("puzzles")]
    [InlineData("clip")]
    public void An_evaluation_is_the_same_in_one_two_and_three_processes(string name)
    {
        var run = ParallelRuns.Of(name, _files.Path);
        Dictionary<string, double>[] Measure(int processes) => TurnTaking.Run(processes, collective =>
        {
            using var task = (ISharedEvaluation)run.CreateTask(CPU);
            return task.Evaluate(new ProcessGroup(collective), CancellationToken.None).ToDictionary();
        });

        var expected = Measure(1).Single();

        expected.Should().NotBeEmpty();
        Measure(2)[0].Should().Equal(expected);
        Measure(3)[0].Should().Equal(expected);
    }

    private Dictionary<string, Tensor> AfterOneStep(RunConfig run, int processes)
    {
        using var folder = new TrainingFolder();
        folder.TrainUntil(1, run, processes: processes);
        return Network(folder);
    }

    private static Dictionary<string, Tensor> Network(TrainingFolder folder) =>
        Tweedie.Formats.SafeTensors.Load(Path.Combine(new CheckpointStore(folder.Run.Checkpoints, keep: 2).Latest!, "model.safetensors")).ToDictionary();
}
