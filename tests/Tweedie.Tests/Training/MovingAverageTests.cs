using TorchSharp.Modules;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

public sealed class MovingAverageTests : IDisposable
{
    private readonly Linear _weights = nn.Linear(3, 2);
    private readonly Linear _average = nn.Linear(3, 2);
    private readonly FlatParameters _weightsFlat;
    private readonly FlatParameters _averageFlat;

    public MovingAverageTests()
    {
        (_weightsFlat, _averageFlat) = (new FlatParameters(_weights), new FlatParameters(_average, gradients: false));
        Fill(_averageFlat, 0);
        Fill(_weightsFlat, 1);
    }

    public void Dispose()
    {
        _weightsFlat.Dispose();
        _averageFlat.Dispose();
        _weights.Dispose();
        _average.Dispose();
    }

    [Theory]
    [InlineData(0, 0.9999, 0.1)] // (1 + 0)/(10 + 0)
    [InlineData(8, 0.9999, 0.5)]
    [InlineData(89, 0.9999, 90.0 / 99)]
    [InlineData(1_000_000, 0.9999, 0.9999)]
    [InlineData(8, 0.3, 0.3)]
    public void It_keeps_the_smaller_of_the_decay_and_the_warm_up(long step, double decay, double kept)
    {
        new MovingAverage(_averageFlat, _weightsFlat, decay).Update(step);

        Values().Should().AllSatisfy(value => value.Should().BeApproximately((float)(1 - kept), 1e-6f));
    }

    [Fact]
    public void Several_steps_follow_the_recursion()
    {
        var average = new MovingAverage(_averageFlat, _weightsFlat, 0.25);
        var expected = 0.0;
        for (var step = 0; step < 5; step++)
        {
            Fill(_weightsFlat, step * step);
            average.Update(step);
            var keep = Math.Min(0.25, (1.0 + step) / (10 + step));
            expected = keep * expected + (1 - keep) * step * step;
        }

        Values().Should().AllSatisfy(value => value.Should().BeApproximately((float)expected, 1e-5f));
    }

    [Fact]
    public void No_tensor_is_left_behind() =>
        LiveTensors.LeftBy(() => new MovingAverage(_averageFlat, _weightsFlat, 0.9).Update(3)).Should().Be(0);

    private IEnumerable<float> Values() => _average.parameters().SelectMany(parameter => parameter.data<float>().ToArray());

    private static void Fill(FlatParameters parameters, double value)
    {
        using var noGrad = no_grad();
        foreach (var group in parameters.Groups)
            group.Values.Fill(value);
    }
}
