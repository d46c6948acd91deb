using TorchSharp;
using TorchSharp.Modules;
using Tweedie.Formats;
using static TorchSharp.torch;

namespace Tweedie.Tests.Formats;

public sealed class ModuleLoadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DisposeScope _scope = NewDisposeScope();

    private string Path => _folder.File("m.safetensors");

    public void Dispose()
    {
        _scope.Dispose();
        _folder.Dispose();
    }

    // One linear layer and a batch norm, which has buffers, one of them a scalar of int64.
    private static Sequential Network(int width) => nn.Sequential(("linear", nn.Linear(3, width)), ("norm", nn.BatchNorm1d(width)));

    private string ErrorOf(nn.Module module, string prefix = "")
    {
        var load = () => SafeTensors.LoadInto(module, Path, prefix);
        return load.Should().Throw<TweedieException>().Which.Message;
    }

    [Fact]
    public void Parameters_and_buffers_are_restored()
    {
        var (source, target) = (Network(4), Network(4));
        SafeTensors.Save(Path, source.state_dict());

        SafeTensors.LoadInto(target, Path);

        var expected = source.state_dict();
        expected.Should().HaveCount(7);
        foreach (var (name, tensor) in target.state_dict())
            tensor.Equals(expected[name]).Should().BeTrue("{0} must be restored", name);
        target.parameters().Should().OnlyContain(parameter => parameter.requires_grad);
    }

    [Fact]
    public void Named_tensors_are_filled_in_place()
    {
        var moments = new Dictionary<string, Tensor> { ["weight"] = zeros(2, 2), ["step"] = zeros(1, int64) };
        SafeTensors.Save(Path, [new("weight", ones(2, 2)), new("step", tensor(new long[] { 7 }))]);

        SafeTensors.LoadInto(moments, Path);

        moments["weight"].sum().item<float>().Should().Be(4);
        moments["step"].item<long>().Should().Be(7);
    }

    [Fact]
    public void A_prefix_selects_a_part_of_the_file()
    {
        var (source, target) = (Network(4), Network(4));
        SafeTensors.Save(Path, source.state_dict().Select(pair => KeyValuePair.Create($"encoder.{pair.Key}", pair.Value)).Append(new("head", ones(1))));

        SafeTensors.LoadInto(target, Path, "encoder.");

        target.state_dict()["linear.weight"].Equals(source.state_dict()["linear.weight"]).Should().BeTrue();
        ErrorOf(target).Should().Contain("unexpected ");
    }

    [Fact]
    public void Floating_point_types_are_converted_and_others_are_not()
    {
        var (source, target) = (Network(4), Network(4));
        var state = source.state_dict();
        SafeTensors.Save(Path, state.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.is_floating_point() ? pair.Value.to(bfloat16) : pair.Value)));

        SafeTensors.LoadInto(target, Path);

        target.state_dict()["linear.weight"].Equals(state["linear.weight"].to(bfloat16).to(float32)).Should().BeTrue();

        SafeTensors.Save(Path, state.Select(pair => KeyValuePair.Create(pair.Key, pair.Key == "norm.num_batches_tracked" ? pair.Value.to(float32) : pair.Value)));
        ErrorOf(target).Should().EndWith("different norm.num_batches_tracked Float32 instead of Int64");
    }

    [Fact]
    public void Weights_that_do_not_fit_are_listed_and_nothing_is_loaded()
    {
        var target = Network(4);
        var before = target.state_dict()["linear.bias"].clone();
        var state = Network(4).state_dict();
        foreach (var name in state.Keys.Where(name => name.StartsWith("norm.", StringComparison.Ordinal)).ToList())
            state.Remove(name);
        state["linear.weight"] = ones(4, 2);
        state["head.weight"] = ones(2);
        SafeTensors.Save(Path, state);

        ErrorOf(target).Should().Be(
            $"{Path}: the weights do not fit the model's configuration: missing norm.weight (4), norm.bias (4), norm.running_mean (4), and 2 more; "
            + "unexpected head.weight (2); different linear.weight (4, 2) instead of (4, 3)");
        target.state_dict()["linear.bias"].Equals(before).Should().BeTrue();
    }

    [Fact]
    public void Loading_leaks_no_tensors()
    {
        var module = Network(4);
        SafeTensors.Save(Path, module.state_dict());
        var before = LiveTensors.Count;

        SafeTensors.LoadInto(module, Path);

        LiveTensors.Count.Should().Be(before);
        GC.KeepAlive(module);
    }
}
