using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Networks;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class WholeBatchTests : IDisposable
{
    private const int Batch = 24;

    private static readonly ClipRun _config = new()
    {
        Seed = 5,
        Data = new DataOptions { Train = "scenes:count=48,size=32", Workers = 0 },
        Model = new ClipModelOptions
        {
            Network = new ClipOptions
            {
                EmbeddingWidth = 12,
                Image = new ClipImageOptions { ImageSize = 32, PatchSize = 16, Width = 16, Depth = 2, Heads = 2, MlpRatio = 2 },
                Text = new ClipTextOptions { Length = 40, Width = 16, Depth = 1, Heads = 2, MlpRatio = 2 },
            },
        },
        Training = new TrainingOptions { Epochs = 1, BatchSize = Batch, LearningRate = 0.01, WarmupEpochs = 0, LabelSmoothing = 0.1, EmaDecay = 0.9, LogEvery = 1 },
    };

    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(Batch)]
    public void A_clips_loss_and_gradients_are_those_of_the_whole_batch_in_any_number_of_micro_batches(int parts)
    {
        using var task = (ClipTask)_config.CreateTask(CPU);

        var (loss, gradients) = Compute(task, parts);

        var (wholeLoss, whole) = Compute(task, 1);
        loss.Should().BeApproximately(wholeLoss, 1e-5);
        gradients.Keys.Should().BeEquivalentTo(whole.Keys);
        foreach (var (name, gradient) in gradients)
            Distance(gradient, whole[name]).Should().BeLessThan(1e-5, name);
        whole["logit_scale"].abs().max().item<float>().Should().BePositive();
    }

    [Fact]
    public void Dropout_of_a_task_is_the_same_in_both_passes()
    {
        using var task = new DroppingTask((ClipTask)_config.CreateTask(CPU));

        Compute(task, 4);

        task.Drawn.Should().HaveCount(8);
        task.Drawn[..4].Should().OnlyHaveUniqueItems().And.Equal(task.Drawn[4..]);
    }

    [Fact]
    public void The_first_steps_logged_loss_does_not_depend_on_the_micro_batches()
    {
        double FirstLoss(int accumulation)
        {
            using var folder = new TrainingFolder();
            var reports = new Reports();
            folder.Train(_config with { Training = _config.Training with { Accumulation = accumulation } }, reports: reports);
            return MetricOf(folder.Run, "loss");
        }

        FirstLoss(6).Should().BeApproximately(FirstLoss(1), 1e-5);
    }

    [Fact]
    public void Processes_that_share_a_batch_compute_the_loss_and_the_gradients_of_all_of_it()
    {
        using var task = (ClipTask)_config.CreateTask(CPU);
        var (wholeLoss, whole) = Compute(task, 1);

        var halves = TurnTaking.Run(2, collective =>
        {
            using var own = (ClipTask)_config.CreateTask(CPU);
            return Compute(own, 3, collective);
        });

        halves.Sum(half => half.Loss).Should().BeApproximately(wholeLoss, 1e-5);
        foreach (var (name, gradient) in whole)
            Distance(halves[0].Gradients[name].Plus(halves[1].Gradients[name]), gradient).Should().BeLessThan(1e-5, name);
    }

    [Fact]
    public void Micro_batches_leave_no_tensors_behind()
    {
        using var task = (ClipTask)_config.CreateTask(CPU);
        Compute(task, 4);

        LiveTensors.LeftBy(() => ComputeOnce(task, 4)).Should().Be(0);
    }

    // Of the largest gradient, because sums of float32 in another order differ by a part of it.
    private static double Distance(Tensor a, Tensor b) => (a - b).abs().max().item<float>() / Math.Max(1, b.abs().max().item<float>());

    private static double MetricOf(RunFolder run, string name)
    {
        var line = File.ReadLines(Path.Combine(run.Path, "metrics.jsonl")).First();
        return System.Text.Json.JsonDocument.Parse(line).RootElement.GetProperty(name).GetDouble();
    }

    private static void ComputeOnce(ClipTask task, int parts)
    {
        using var batch = task.Batches(0, 0, BatchPart.Whole, CancellationToken.None).First();
        new BatchGradients(task, Precision.F32, new ProcessGroup(new SingleProcess())).Add(batch.Split(parts, CPU), micro => micro);
    }

    /// <summary>Loss and gradients of the first batch, or of a process' share of it.</summary>
    private static (double Loss, Dictionary<string, Tensor> Gradients) Compute(ITrainingTask task, int parts, ICollective? collective = null)
    {
        collective ??= new SingleProcess();
        task.Network.zero_grad();
        using var batch = task.Batches(0, 0, new BatchPart(collective.Rank, collective.Size), CancellationToken.None).First();
        var loss = new BatchGradients(task, Precision.F32, new ProcessGroup(collective)).Add(batch.Split(parts, CPU), micro => micro);
        return (loss, task.Network.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad?.clone() ?? zeros_like(pair.parameter)));
    }

    /// <summary>A CLIP's task that draws a number for each micro-batch, as dropout would.</summary>
    private sealed class DroppingTask(ClipTask inner) : AlteredTask(inner), IWholeBatchTask
    {
        private readonly ClipTask _clip = inner;

        public List<float> Drawn { get; } = [];

        public IReadOnlyList<Tensor> Features(TokenBatch batch)
        {
            Drawn.Add(rand(1).item<float>());
            return _clip.Features(batch);
        }

        public Tensor Loss(IReadOnlyList<Tensor> features) => _clip.Loss(features);
    }
}
