using TorchSharp;
using Tweedie.Formats;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Formats;

public sealed class WeightMapTests : IDisposable
{
    private static readonly WeightMap _map = new("test's", "marker",
    [
        new WeightRule("layers.*.in", "blocks.*.fc"),
        new WeightRule("layers.*.q", "blocks.*.qk") { Part = 0 },
        new WeightRule("layers.*.k", "blocks.*.qk") { Part = 1 },
        new WeightRule("projection", "proj.weight") { IsTransposed = true },
        new WeightRule("head", null),
    ]);

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static Dictionary<string, Tensor> Apply(params (string Name, Tensor Tensor)[] tensors) =>
        _map.Apply(tensors.ToDictionary(pair => pair.Name, pair => pair.Tensor), "file");

    [Fact]
    public void Names_change_by_layer_and_what_is_unknown_stays()
    {
        var renamed = Apply(("layers.11.in.weight", ones(2)), ("layers.11.input.weight", ones(3)), ("layers.x.in.weight", ones(4)), ("head.bias", ones(5)), ("header", ones(6)));

        renamed.ToDictionary(pair => pair.Key, pair => pair.Value.shape[0]).Should().BeEquivalentTo(new Dictionary<string, long>
        {
            ["blocks.11.fc.weight"] = 2,
            ["layers.11.input.weight"] = 3,
            ["layers.x.in.weight"] = 4,
            ["header"] = 6,
        });
    }

    [Fact]
    public void Parts_are_stacked_in_their_order_and_transposes_undone()
    {
        var renamed = Apply(("layers.0.k.bias", tensor(new[] { 7f, 7 })), ("layers.0.q.bias", tensor(new[] { 3f })), ("projection", Counting(6, int64).view(2, 3)));

        renamed["blocks.0.qk.bias"].ShouldEqual(tensor(new float[] { 3, 7, 7 }));
        renamed["proj.weight"].ShouldEqual(Counting(6, int64).view(2, 3).t());
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 2, 4 })]
    [InlineData(new long[] { 2 }, new long[] { 2, 2 })]
    [InlineData(new long[] { }, new long[] { })]
    public void Parts_that_do_not_fit_keep_their_names(long[] first, long[] second) =>
        Apply(("layers.0.q.weight", zeros(first)), ("layers.0.k.weight", zeros(second))).Keys.Should().BeEquivalentTo("layers.0.q.weight", "layers.0.k.weight");

    [Fact]
    public void Two_tensors_for_one_place_are_refused() =>
        FluentActions.Invoking(() => Apply(("layers.0.in.bias", ones(2)), ("blocks.0.fc.bias", ones(2))))
            .Should().Throw<TweedieException>().WithMessage("file: two tensors have the place of blocks.0.fc.bias in test's.");
}
