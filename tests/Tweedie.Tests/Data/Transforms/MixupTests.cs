using System.Globalization;
using System.Text.Json;
using Tweedie.Configuration;
using Tweedie.Formats;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tensors;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Data.Transforms;

public sealed class MixupTests
{
    private const string Folder = "fixtures/timm-augment";

    [Fact]
    public void Images_and_targets_equal_those_of_timm()
    {
        using var scope = NewDisposeScope();
        var tensors = SafeTensors.Load(Shared.Path(Folder + "/mixup.safetensors"));
        var facts = Shared.Json(Folder + "/facts.json");
        var (images, labels) = (tensors["mix.x"], tensors["mix.target"]);
        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);

        foreach (var entry in facts.GetProperty("mix_cases").EnumerateArray())
        {
            var name = entry.GetProperty("name").GetString()!;
            var share = entry.GetProperty("lam_drawn").GetDouble();
            Tensor mixed;
            if (entry.TryGetProperty("bbox", out var bounds))
            {
                var (centreY, centreX) = (entry.GetProperty("center_y").GetInt32(), entry.GetProperty("center_x").GetInt32());
                var box = Mixup.Box(height, width, share, centreY, centreX);
                (box.Top, box.Top + box.Height, box.Left, box.Left + box.Width).Should().Be(Bounds(bounds), name);
                share = Mixup.Share(box, height, width);
                share.Should().BeApproximately(entry.GetProperty("lam_corrected").GetDouble(), 1e-12, name);
                mixed = Mixup.Paste(images, box);
            }
            else
            {
                mixed = Mixup.Blend(images, share);
            }

            mixed.ShouldBeWithin(1e-6, tensors[name + ".x"]);
            Smoothing(entry.GetProperty("smoothing").GetDouble(), entry.GetProperty("num_classes").GetInt32()).Targets(labels, share).ShouldBeWithin(1e-6, tensors[name + ".target"]);
        }

        var smoothed = tensors["smooth_target_only"];
        var classes = (int)smoothed.shape[1];
        var smoothing = classes * smoothed.min().item<float>(); // the smoothing is not in a file
        Smoothing(smoothing, classes).Targets(labels, 1).ShouldBeWithin(1e-6, smoothed);
    }

    [Fact]
    public void Cross_entropy_with_soft_targets_equals_that_of_timm()
    {
        using var scope = NewDisposeScope();
        var losses = SafeTensors.Load(Shared.Path(Folder + "/losses.safetensors"));
        var targets = SafeTensors.Load(Shared.Path(Folder + "/mixup.safetensors"));
        (string Name, Tensor Value)[] Named(string prefix) =>
            [.. losses.Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(pair => (pair.Key[prefix.Length..], pair.Value))];
        var (soft, smooth) = (Named("soft_target_mean_on_"), Named("torch_cross_entropy_label_smoothing_"));

        soft.Should().NotBeEmpty();
        foreach (var (name, value) in soft)
            nn.functional.cross_entropy(losses["logits"], targets[name + ".target"]).ShouldBeWithin(1e-6, value);
        smooth.Should().NotBeEmpty();
        foreach (var (smoothing, value) in smooth)
        {
            var smoothed = Smoothing(double.Parse(smoothing, CultureInfo.InvariantCulture), (int)losses["logits"].shape[1]).Targets(losses["target"], 1);
            nn.functional.cross_entropy(losses["logits"], smoothed).ShouldBeWithin(1e-6, value);
        }
    }

    [Theory]
    [InlineData(0.8, 0, 0.0)]
    [InlineData(0, 1.0, 1.0)]
    [InlineData(0.8, 1.0, 0.5)]
    public void The_share_of_an_image_is_the_share_of_its_label(double alpha, double cutMixAlpha, double expectedCutMix)
    {
        // All values of image i are i, and its label is i, so an image's mean gives its shares of 0 and 1.
        using var scope = NewDisposeScope();
        var images = tensor(new float[] { 0, 1 }).view(2, 1, 1, 1).expand(2, 1, 16, 16).contiguous();
        var mixup = new Mixup(new MixupOptions { Alpha = alpha, CutMixAlpha = cutMixAlpha }, classes: 2);
        var cutMixes = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var (mixed, targets) = mixup.Apply(images, tensor(new long[] { 0, 1 }), new SampleRandom(seed));
            mixed.mean([1, 2, 3]).ShouldBeWithin(1e-5, targets.select(1, 1));
            targets.sum(1).ShouldBeWithin(1e-6, ones(2));
            cutMixes += mixed.Is(0).logical_or(mixed.Is(1)).all().item<bool>() ? 1 : 0;
        }

        cutMixes.Should().BeInRange((int)(200 * expectedCutMix) - 36, (int)(200 * expectedCutMix) + 36); // 5 standard deviations
        images.select(0, 0).ShouldEqual(zeros(1, 16, 16));
    }

    [Fact]
    public void A_batch_that_is_not_mixed_still_has_smoothed_targets()
    {
        using var scope = NewDisposeScope();
        var images = rand(4, 3, 8, 8);
        var mixup = new Mixup(new MixupOptions { Alpha = 1, Probability = 0 }, classes: 5, labelSmoothing: 0.1);
        var (mixed, targets) = mixup.Apply(images, tensor(new long[] { 0, 1, 2, 3 }), new SampleRandom(1));

        mixed.ShouldEqual(images);
        targets[2].ShouldBeWithin(1e-6, tensor(new[] { 0.02f, 0.02f, 0.92f, 0.02f, 0.02f }));
    }

    [Theory]
    [InlineData(1.0, 0, 1)]
    [InlineData(0, 1.0, 1)]
    [InlineData(1.0, 0, 0)]
    public void Only_the_results_are_left(double alpha, double cutMixAlpha, double probability)
    {
        using var images = rand(4, 3, 8, 8);
        using var labels = tensor(new long[] { 0, 1, 2, 3 });
        var mixup = new Mixup(new MixupOptions { Alpha = alpha, CutMixAlpha = cutMixAlpha, Probability = probability }, classes: 5);
        LiveTensors.LeftBy(() =>
        {
            var (mixed, targets) = mixup.Apply(images, labels, new SampleRandom(1));
            mixed.Dispose();
            targets.Dispose();
        }).Should().Be(0);
        images.IsInvalid.Should().BeFalse();
    }

    [Fact]
    public void The_diffusion_head_refuses_soft_targets() =>
        FluentActions.Invoking(() => OptionsValidator.Validate(Mixing(TokenMethod.Tdd), "config")).Should().Throw<TweedieException>()
            .WithMessage("config: data.augment.mixup needs soft targets, which model.method = tdd has not: leave it out or use linear or mlp");

    [Fact]
    public void The_linear_head_learns_from_soft_targets()
    {
        using var task = Mixing(TokenMethod.Linear).CreateTask(CPU);
        using var batch = task.Batches(0, 0, BatchPart.Whole, TestContext.Current.CancellationToken).First();
        double Loss(int seed)
        {
            manual_seed(seed);
            using var scope = NewDisposeScope();
            return task.Loss(batch).item<float>();
        }

        Loss(1).Should().BePositive().And.Be(Loss(1)).And.NotBe(Loss(2));
    }

    private static ClassificationRun Mixing(TokenMethod method) => TinyRun.Config with
    {
        Data = TinyRun.Config.Data with { Augment = new AugmentOptions { Mixup = new MixupOptions { Alpha = 0.8, CutMixAlpha = 1 } } },
        Model = TinyRun.Config.Model with { Method = method },
    };

    private static Mixup Smoothing(double labelSmoothing, int classes) => new(new MixupOptions { Alpha = 1 }, classes, labelSmoothing);

    private static (int, int, int, int) Bounds(JsonElement box)
    {
        int Number(string key) => box.GetProperty(key).GetInt32();
        return (Number("yl"), Number("yh"), Number("xl"), Number("xh"));
    }
}
