using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class OutOfMemoryTests : IDisposable
{
    private const long TooMuch = 1L << 50;

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_step_without_memory_names_the_settings_to_change_and_leaves_the_checkpoint_before()
    {
        using var task = new AlteredTask(TinyRun.Config.CreateTask(CPU), (step, loss) => step == 9 ? loss.Plus(zeros(TooMuch).sum()) : loss);

        var train = () => new Trainer(task, _folder.Run).Run(resume: false);

        train.Should().Throw<TweedieException>()
            .WithMessage("step 9: out of memory; lower training.batchSize = 16 or raise training.accumulation = 1 (*")
            .Which.Message.Should().NotContain("\n");
        _folder.Checkpoints.Should().Equal("step-000006");
        _folder.Train(TinyRun.Config, resume: true).Should().NotBeEmpty();
    }

    [Fact]
    public void Another_failure_stays_what_it_is()
    {
        using var task = new AlteredTask(TinyRun.Config.CreateTask(CPU), (_, loss) => loss.view(7));

        var train = () => new Trainer(task, _folder.Run).Run(resume: false);

        train.Should().Throw<Exception>().Which.Should().NotBeOfType<TweedieException>();
    }
}
