using CsCheck;
using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion;

public sealed class DrawStatisticsTests
{
    [Fact]
    public void Mean_and_variance_equal_those_of_all_draws_at_once() =>
        Gen.Single[0, 1].Array[6].Array[2, 10].Sample(draws =>
        {
            using var scope = NewDisposeScope();
            using var statistics = new DrawStatistics();
            foreach (var draw in draws)
                statistics.Add(tensor(draw).view(2, 1, 3));

            statistics.Count.Should().Be(draws.Length);
            for (var entry = 0; entry < 6; entry++)
            {
                var values = draws.Select(draw => (double)draw[entry]).ToArray();
                var mean = values.Average();
                var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
                statistics.Mean().flatten()[entry].item<float>().Should().BeApproximately((float)mean, 1e-5f);
                statistics.Variance().flatten()[entry].item<float>().Should().BeApproximately((float)variance, 1e-5f);
            }
        }, iter: 20, threads: 1);

    [Fact]
    public void A_single_draw_has_no_variance()
    {
        using var scope = NewDisposeScope();
        using var statistics = new DrawStatistics();
        var draw = tensor(new[] { 0.2f, 0.8f });

        statistics.Add(draw);

        statistics.Mean().ShouldEqual(draw);
        statistics.Variance().ShouldEqual(zeros(2));
    }

    [Fact]
    public void Nothing_is_left_behind()
    {
        using var draw = ones(2, 3);

        LiveTensors.LeftBy(() =>
        {
            using var statistics = new DrawStatistics();
            for (var i = 0; i < 3; i++)
                statistics.Add(draw);
            statistics.Mean().Dispose();
            statistics.Variance().Dispose();
        }).Should().Be(0);
    }

    [Fact]
    public void Without_a_draw_there_are_no_statistics()
    {
        using var statistics = new DrawStatistics();

        statistics.Invoking(it => it.Mean()).Should().Throw<InvalidOperationException>();
        statistics.Invoking(it => it.Variance()).Should().Throw<InvalidOperationException>();
    }
}
