using Tweedie.Tests.Formats;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Saves with a failure of each write, flush, rename and deletion, one after the other.</summary>
[Collection(GlobalState.Name)]
public sealed class CheckpointFaultTests(ITestOutputHelper output) : IDisposable
{
    private const int Keep = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly ITrainingTask _task = TinyRun.Config.Set("model.method=linear").CreateTask(CPU);

    public void Dispose()
    {
        _task.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_failed_save_leaves_a_whole_checkpoint_and_the_next_save_succeeds() =>
        FailEach("one operation fails", number => new FaultyOperations((_, at) => at == number));

    [Fact]
    public void A_save_that_ends_with_the_process_leaves_a_whole_checkpoint_and_the_next_save_succeeds() =>
        FailEach("it and all after it fail", number => new FaultyOperations((_, at) => at >= number));

    private void FailEach(string kind, Func<int, FaultyOperations> create)
    {
        var faults = 0;
        for (var number = 1; ; number++, faults++)
        {
            var folder = _folder.File($"{number}");
            using var state = new TrainingState(_task, _task.Config.Training);
            var (healthy, faulty) = (new CheckpointStore(folder, Keep, new FaultyOperations((_, _) => false)), create(number));
            SaveSteps(healthy, state, 1, 2);

            var save = () => SaveSteps(new CheckpointStore(folder, Keep, faulty), state, 3);
            var error = Record.Exception(save);

            if (faulty.Failed is null)
            {
                error.Should().BeNull();
                Names(folder).Should().Equal("step-000002", "step-000003");
                break;
            }
            error.Should().BeOfType<TweedieException>().Which.Message.Should().Contain("No space left on device").And.NotContain("\n");
            var (newest, damage) = new CheckpointStore(folder, Keep).NewestWhole();
            damage.Should().BeEmpty("whatever bears a checkpoint's name is whole");
            Path.GetFileName(newest).Should().BeOneOf("step-000002", "step-000003");
            using (var loaded = new TrainingState(_task, _task.Config.Training))
            {
                CheckpointStore.Load(newest, loaded);
                loaded.Step.Should().Be(newest[^1] - '0');
                loaded.Parameters.Groups[0].Values[0].item<float>().Should().Be(loaded.Step, "each step's weights are its own");
            }

            SaveSteps(healthy, state, 4);
            Names(folder).Should().HaveCount(Keep, "nothing half written is left").And.EndWith("step-000004");
        }
        output.WriteLine($"{kind}: {faults} operations of one save failed in turn");
        faults.Should().BeGreaterThan(50);
    }

    private void SaveSteps(CheckpointStore store, TrainingState state, params long[] steps)
    {
        foreach (var step in steps)
        {
            using (no_grad())
                state.Parameters.Groups[0].Values.zero_().Increase(ones(1), step);
            state.Counters = new CheckpointState { Step = step };
            store.Save(_task, state);
        }
    }

    private static IEnumerable<string> Names(string folder) => Directory.GetFileSystemEntries(folder).Select(path => Path.GetFileName(path)!).Order();
}
