using TorchSharp;
using Tweedie.Networks;
using Tweedie.Training;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Training;

public sealed class FlatParametersTests : IDisposable
{
    // The network has parameters of one (biases, norms), two (linear), three (tokens) and four (patches) dimensions.
    private readonly VisionTransformer _module = new(TinyRun.Encoder);
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Tensor _images;

    public FlatParametersTests()
    {
        using var generator = new Generator(1);
        _images = randn([3, 3, 16, 16], float32, generator: generator);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _module.Dispose();
    }

    [Fact]
    public void The_module_computes_the_same_output_and_gradients()
    {
        var (outputBefore, gradientsBefore) = Compute();
        _module.zero_grad();

        using var flat = new FlatParameters(_module);
        var (output, gradients) = Compute();

        output.ShouldBeWithin(1e-6, outputBefore);
        gradients.Keys.Should().BeEquivalentTo(gradientsBefore.Keys);
        foreach (var (name, gradient) in gradients)
            gradient.ShouldBeWithin(1e-5, gradientsBefore[name]);
    }

    [Fact]
    public void Matrices_and_convolutions_decay_and_nothing_else_does()
    {
        using var flat = new FlatParameters(_module);

        flat.Groups.Select(group => group.Decay).Should().Equal(true, false);
        flat.Count.Should().Be(_module.parameters().Sum(parameter => parameter.numel()));
        foreach (var group in flat.Groups)
        {
            var names = group.Views(group.Values).Select(view => view.Key);
            names.Should().Equal(_module.named_parameters().Where(pair => (pair.parameter.dim() is 2 or 4) == group.Decay).Select(pair => pair.name));
        }
        var undecayed = flat.Groups[1].Views(flat.Groups[1].Values).Select(view => view.Key);
        undecayed.Should().Contain(["cls_token", "pos_embed", "patch_embed.proj.bias", "blocks.0.norm1.weight", "blocks.0.attn.qkv.bias"]);
    }

    [Fact]
    public void Parameters_are_views_of_the_buffers()
    {
        using var flat = new FlatParameters(_module);
        using (no_grad())
        {
            flat.Groups[0].Values.Fill(2);
            flat.Groups[1].Values.Fill(3);
        }

        foreach (var (name, parameter) in _module.named_parameters())
            parameter.ShouldEqual(zeros_like(parameter).Fill(parameter.dim() is 2 or 4 ? 2 : 3));
    }

    [Fact]
    public void Gradients_accumulate_in_the_buffers()
    {
        using var flat = new FlatParameters(_module);

        var (_, once) = Compute();
        foreach (var group in flat.Groups)
        {
            group.Gradients!.abs().sum().item<float>().Should().BePositive();
            foreach (var (name, gradient) in group.Views(group.Gradients!))
                gradient.ShouldEqual(once[name]);
        }

        Compute();
        foreach (var group in flat.Groups)
            foreach (var (name, gradient) in group.Views(group.Gradients!))
                gradient.ShouldBeWithin(1e-5, once[name].Times(2));
    }

    [Fact]
    public void Zeroing_clears_the_modules_gradients_and_keeps_the_buffers()
    {
        using var flat = new FlatParameters(_module);
        Compute();

        flat.ZeroGradients();

        foreach (var parameter in _module.parameters())
            parameter.grad!.ShouldEqual(zeros_like(parameter));
        Compute();
        flat.Groups[0].Gradients!.abs().sum().item<float>().Should().BePositive();
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1e6)]
    public void Clipping_equals_torchs(double maximum)
    {
        using var reference = new VisionTransformer(TinyRun.Encoder);
        reference.load_state_dict(_module.state_dict());
        using var flat = new FlatParameters(_module);
        Compute();
        Backward(reference);

        var norm = flat.ClipGradients(maximum);
        var expected = nn.utils.clip_grad_norm_(reference.parameters(), maximum);

        norm.Should().BeApproximately(expected, 1e-4 * expected).And.BeInRange(0.6, 1e5);
        foreach (var (parameter, other) in _module.parameters().Zip(reference.parameters()))
            parameter.grad!.ShouldBeWithin(1e-6 * expected, other.grad!);
    }

    [Fact]
    public void A_maximum_of_zero_clips_nothing()
    {
        using var flat = new FlatParameters(_module);
        var (_, gradients) = Compute();

        flat.ClipGradients(0).Should().BePositive();

        foreach (var (name, parameter) in _module.named_parameters())
            parameter.grad!.ShouldEqual(gradients[name]);
    }

    [Fact]
    public void Without_gradients_there_are_values_only()
    {
        using var flat = new FlatParameters(_module, gradients: false);

        flat.Groups.Should().AllSatisfy(group => group.Gradients.Should().BeNull());
        flat.Count.Should().BePositive();
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        Compute(); // the module itself makes a gradient for each parameter

        LiveTensors.LeftBy(() =>
        {
            using var flat = new FlatParameters(_module);
            flat.ZeroGradients();
            flat.ClipGradients(1);
        }).Should().Be(0);
    }

    private (Tensor Output, Dictionary<string, Tensor> Gradients) Compute() =>
        (Backward(_module), _module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter.grad!.clone()));

    private Tensor Backward(VisionTransformer module)
    {
        var output = module.forward(_images);
        (output * Counting(16, int64)).sum().backward();
        return output.detach();
    }
}
