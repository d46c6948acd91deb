using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Tests.Platform;

public sealed class AutocastTests
{
    public AutocastTests() => Assert.SkipUnless(Autocast.IsSupported, "this platform's libtorch exports no autocast");

    [Theory]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float16)]
    public void A_linear_layer_computes_in_the_16_bit_type_inside_only(ScalarType dtype)
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(4, 3), ones(2, 4));

        linear.forward(x).dtype.Should().Be(ScalarType.Float32);
        using (Autocast.Enter(CPU, dtype))
            linear.forward(x).dtype.Should().Be(dtype);
        linear.forward(x).dtype.Should().Be(ScalarType.Float32);
    }

    [Fact]
    public void Gradients_arrive_in_f32_and_close_to_those_of_full_precision()
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(4, 3), linspace(-1, 1, 8).reshape(2, 4));

        linear.forward(x).Squared().sum().backward();
        var expected = linear.weight!.grad!.clone();
        linear.zero_grad();
        Tensor loss;
        using (Autocast.Enter(CPU, ScalarType.BFloat16))
            loss = linear.forward(x).to(ScalarType.Float32).Squared().sum();
        loss.backward();

        linear.weight.grad!.dtype.Should().Be(ScalarType.Float32);
        (linear.weight.grad - expected).abs().max().item<float>().Should().BeInRange(1e-9f, 0.1f, "it is bf16, and near");
    }

    [Fact]
    public void Nested_scopes_restore_the_outer_state()
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(4, 3), ones(2, 4));

        using (Autocast.Enter(CPU, ScalarType.BFloat16))
        {
            using (Autocast.Disabled(CPU))
            {
                linear.forward(x).dtype.Should().Be(ScalarType.Float32);
                using (Autocast.Enter(CPU, ScalarType.Float16))
                    linear.forward(x).dtype.Should().Be(ScalarType.Float16);
                linear.forward(x).dtype.Should().Be(ScalarType.Float32);
            }
            linear.forward(x).dtype.Should().Be(ScalarType.BFloat16);
        }
    }

    [Fact]
    public void Changed_parameters_are_seen_by_the_next_scope()
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(1, 1), zeros(1, 1));

        foreach (var value in (float[])[2, 3])
        {
            using (no_grad())
                linear.bias!.Fill(value);
            using (Autocast.Enter(CPU, ScalarType.BFloat16))
                linear.forward(x).to(ScalarType.Float32).item<float>().Should().Be(value);
        }
    }

    [Fact]
    public void A_default_scope_changes_nothing()
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(4, 3), ones(2, 4));

        using (Autocast.Enter(CPU, ScalarType.BFloat16))
        {
            using (default(AutocastScope)) { }
            linear.forward(x).dtype.Should().Be(ScalarType.BFloat16);
        }
    }

    [Fact]
    public void Other_types_and_devices_are_refused()
    {
        FluentActions.Invoking(() => { using (Autocast.Enter(CPU, ScalarType.Float32)) { } }).Should().Throw<ArgumentException>();
        FluentActions.Invoking(() => { using (Autocast.Enter(META, ScalarType.BFloat16)) { } }).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Where_there_is_no_autocast_turning_it_off_does_nothing()
    {
        using var scope = NewDisposeScope();
        var (linear, x) = (nn.Linear(4, 3), ones(2, 4));

        using (Autocast.Enter(CPU, ScalarType.BFloat16))
        using (Autocast.Disabled(META))
            linear.forward(x).dtype.Should().Be(ScalarType.BFloat16);
    }
}
