using System.Runtime.InteropServices;
using Tweedie.Platform;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>Gradients that travel between processes in bfloat16.</summary>
[Collection(GlobalState.Name)]
public sealed class GradientPrecisionTests : IDisposable
{
    private readonly TrainingFolder _single = new();
    private readonly TrainingFolder _half = new();

    public void Dispose()
    {
        _single.Dispose();
        _half.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1031)]
    [InlineData(65536)]
    public void Sums_are_those_of_torch(int count)
    {
        var random = new Random(7);
        var (a, b) = (new ushort[count], new ushort[count]);
        random.NextBytes(MemoryMarshal.AsBytes(a.AsSpan()));
        random.NextBytes(MemoryMarshal.AsBytes(b.AsSpan())); // all kinds: numbers of any size, subnormal ones, infinity, not a number
        using var scope = NewDisposeScope();
        var expected = Tensor(a).Plus(Tensor(b));

        Bfloat16Sum.Add(a, b);

        Tensor(b).allclose(expected, rtol: 0, atol: 0, equal_nan: true).Should().BeTrue();

        static Tensor Tensor(ushort[] values)
        {
            var tensor = zeros(values.Length, bfloat16);
            tensor.bytes = MemoryMarshal.AsBytes(values.AsSpan());
            return tensor;
        }
    }

    [Fact]
    public void One_process_sends_nothing_and_rounds_nothing()
    {
        var run = ParallelRuns.Classifier.With(training => training with { Accumulation = 2 });
        _single.Train(run);
        _half.Train(run.With(training => training with { GradientPrecision = Precision.Bf16 }));

        foreach (var (file, bytes) in _half.Weights())
            bytes.AsSpan().SequenceEqual(_single.Weights()[file]).Should().BeTrue(file);
    }

    // Each gradient and each sum is rounded by at most 2⁻⁹ of its size, so the norm of the whole gradient is wrong by at most some 2·2⁻⁹ = 0.4 %.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void The_first_gradient_is_that_of_float32_but_for_rounding_and_so_is_the_loss_after_a_hundred_steps(int processes)
    {
        var run = ParallelRuns.Classifier.With(training => training with { Epochs = 17, CheckpointEpochs = 100 }) with { Evaluation = new() { EveryEpochs = 0 } };
        var (single, half) = (new Reports(), new Reports());

        _single.TrainUntil(100, run, processes: processes, reports: single);
        _half.TrainUntil(100, run.With(training => training with { GradientPrecision = Precision.Bf16 }), processes: processes, reports: half);

        half.Steps.First().Loss.Should().Be(single.Steps.First().Loss);
        (half.Steps.First().GradientNorm / single.Steps.First().GradientNorm).Should().BeApproximately(1, 0.004).And.NotBe(1);
        half.Steps.TakeLast(10).Average(step => step.Loss).Should().BeApproximately(single.Steps.TakeLast(10).Average(step => step.Loss), 0.02);
    }
}
