using Tweedie.Evaluation;
using static TorchSharp.torch;

namespace Tweedie.Tests.Evaluation;

public sealed class TopKTests
{
    private readonly TopK _count = new();

    [Fact]
    public void It_counts_the_most_probable_and_the_five_most_probable()
    {
        using var scope = NewDisposeScope();
        var ranked = tensor(new[] { 0.30f, 0.20f, 0.15f, 0.12f, 0.10f, 0.08f, 0.05f }); // class 0 first, 6 last

        _count.Add(ranked.expand(4, -1), tensor(new long[] { 0, 4, 5, 6 }));
        _count.Add(ranked.flip(0).unsqueeze(0), tensor(new long[] { 6 }));

        _count.Top1.Should().Be(2.0 / 5);
        _count.Top5.Should().Be(3.0 / 5);
    }

    [Fact]
    public void With_fewer_than_five_classes_every_label_is_among_the_five() // and no absent class is asked for
    {
        using var scope = NewDisposeScope();
        _count.Add(tensor(new[,] { { 0.7f, 0.2f, 0.1f } }), tensor(new long[] { 2 }));

        (_count.Top1, _count.Top5).Should().Be((0, 1));
    }

    [Fact]
    public void A_choice_overrules_the_most_probable()
    {
        using var scope = NewDisposeScope();
        var probabilities = tensor(new[] { 0.30f, 0.20f, 0.15f, 0.12f, 0.10f, 0.08f, 0.05f }).expand(3, -1);

        _count.Add(probabilities, tensor(new long[] { 0, 1, 6 }), chosen: tensor(new long[] { 1, 1, 6 }));

        _count.Top1.Should().Be(2.0 / 3);
        _count.Top5.Should().Be(1, "a right choice counts, however improbable it was");
    }

    [Fact]
    public void Without_images_accuracy_is_zero() => (_count.Top1, _count.Top5).Should().Be((0, 0));
}
