using CsCheck;
using Tweedie.Diffusion;
using Tweedie.Formats;
using Tweedie.Sampling;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

public sealed class ForwardProcessTests
{
    [Theory]
    [InlineData("cosine", ScheduleKind.Cosine)]
    [InlineData("linear", ScheduleKind.Linear)]
    public void Corruption_equals_the_reference_q_sample(string name, ScheduleKind kind)
    {
        var path = Shared.Path("fixtures/diffusion-mar/process.safetensors");
        using var scope = NewDisposeScope();
        var golden = SafeTensors.Load(path);
        var schedule = NoiseSchedule.Create(new DiffusionOptions { Schedule = kind, Timesteps = Shared.Json("fixtures/diffusion-mar/config.json").GetProperty("T")[0].GetInt32() });
        var alphaBar = tensor([.. golden["t"].Longs().Select(t => (float)schedule.AlphaBar[(int)t])]);

        var noisy = ForwardProcess.Corrupt(golden["x0"].unsqueeze(1), golden["noise"].unsqueeze(1), alphaBar.unsqueeze(1));

        noisy.ShouldBeWithin(1e-5, golden[name + ".q_sample"].unsqueeze(1));
    }

    [Fact]
    public void One_hot_vectors_have_a_single_one_at_the_token() =>
        Gen.Int[1, 40].SelectMany(classes => Gen.Int[0, classes - 1].Array[1, 12], (classes, tokens) => (classes, tokens))
            .Sample((classes, tokens) =>
            {
                using var scope = NewDisposeScope();
                var ids = tensor([.. tokens.Select(token => (long)token)]).unsqueeze(1);

                var oneHot = ForwardProcess.OneHot(ids, classes);

                oneHot.shape.Should().Equal(tokens.Length, 1, classes);
                oneHot.dtype.Should().Be(ScalarType.Float32);
                oneHot.sum(-1).ShouldEqual(ones(tokens.Length, 1));
                oneHot.argmax(-1).ShouldEqual(ids);
            }, threads: 1);

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.25)]
    public void Corruption_scales_the_hot_entry_and_adds_noise_of_the_remaining_variance(double scale)
    {
        using var scope = NewDisposeScope();
        const int items = 20_000;
        const double alphaBar = 0.64;
        var oneHot = ForwardProcess.OneHot(Filled([items, 1], 2, int64, CPU), 5);
        var noise = randn([items, 1, 5], float32, generator: new Generator(11));

        var noisy = ForwardProcess.Corrupt(oneHot, noise, Filled([items, 1], alphaBar, float32, CPU), scale).squeeze(1);

        // Six standard errors: of a mean √(v/n), of a variance v·√(2/n).
        var mean = tensor([0, 0, scale * 0.8, 0, 0]);
        var variance = Filled([5], 1 - alphaBar, float64, CPU);
        noisy.mean([0]).ShouldBeWithin(6 * Math.Sqrt(0.36 / items), mean);
        noisy.var([0]).ShouldBeWithin(6 * 0.36 * Math.Sqrt(2.0 / items), variance);
    }

    [Fact]
    public void Double_precision_signal_keeps_the_little_noise_of_the_cleanest_timesteps()
    {
        using var scope = NewDisposeScope();
        const double alphaBar = 1 - 1e-7; // rounds to 1 − 1.19e-7 in single precision

        var noisy = ForwardProcess.Corrupt(zeros(1, 1, 1), ones(1, 1, 1), tensor([alphaBar], float64).view(1, 1));

        noisy.dtype.Should().Be(ScalarType.Float32);
        noisy.item<float>().Should().BeApproximately((float)Math.Sqrt(1e-7), 1e-9f);
    }

    [Fact]
    public void Each_item_is_corrupted_at_its_own_level()
    {
        using var scope = NewDisposeScope();
        var oneHot = ForwardProcess.OneHot(tensor(new long[] { 0, 1, 1, 0 }).view(2, 2), 2);
        var noise = ones(2, 2, 2);

        var noisy = ForwardProcess.Corrupt(oneHot, noise, tensor(new[] { 0.36f, 0.64f }).view(2, 1));

        noisy.ShouldBeWithin(1e-6, tensor(new[] { 1.4f, 0.8f, 0.8f, 1.4f, 0.6f, 1.4f, 1.4f, 0.6f }).view(2, 2, 2));
    }

    [Fact]
    public void Each_token_may_have_a_level_of_its_own()
    {
        using var scope = NewDisposeScope();
        var oneHot = ForwardProcess.OneHot(tensor(new long[] { 0, 1 }).view(1, 2), 2);

        var noisy = ForwardProcess.Corrupt(oneHot, ones(1, 2, 2), tensor(new[] { 0.36, 0.64 }).view(1, 2));

        noisy.ShouldBeWithin(1e-6, tensor(new[] { 1.4f, 0.8f, 0.6f, 1.4f }).view(1, 2, 2));
    }

    [Fact]
    public void The_clean_vector_is_recovered_from_the_noise()
    {
        using var scope = NewDisposeScope();
        var oneHot = ForwardProcess.OneHot(tensor(new long[] { 0, 1, 1, 0 }).view(2, 2), 2);
        var noise = randn([2, 2, 2], float32, generator: new Generator(3));
        var levels = tensor(new[] { 0.36, 0.64, 0.1, 0.9 }).view(2, 2);

        ForwardProcess.Clean(ForwardProcess.Corrupt(oneHot, noise, levels, 0.5), noise, levels, 0.5).ShouldBeWithin(1e-5, oneHot);
    }
}
