using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class DevicesTests
{
    [Fact]
    public void The_cpu_has_a_name() => Devices.Parse("cpu").type.Should().Be(DeviceType.CPU);

    [Fact]
    public void Auto_is_the_cpu_where_there_is_no_cuda()
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");

        Devices.Parse("auto").type.Should().Be(DeviceType.CPU);
    }

    [Fact]
    public void Auto_is_cuda_where_there_is_cuda()
    {
        Assert.SkipUnless(torch.cuda.is_available(), "this machine has no CUDA");

        Devices.Parse("auto").type.Should().Be(DeviceType.CUDA);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("CPU")]
    [InlineData("")]
    public void An_unknown_name_is_refused_in_one_line(string name) =>
        FluentActions.Invoking(() => Devices.Parse(name)).Should().Throw<TweedieException>()
            .WithMessage($"device: '{name}' is unknown; use cpu, cuda, cuda:N or auto.");

    [Theory]
    [InlineData("cuda")]
    [InlineData("cuda:1")]
    public void A_missing_device_is_refused_with_the_way_to_get_it(string name)
    {
        Assert.SkipWhen(torch.cuda.is_available(), "this machine has CUDA");

        FluentActions.Invoking(() => Devices.Parse(name)).Should().Throw<TweedieException>()
            .WithMessage($"device: '{name}' *-p:Torch=cuda*TWEEDIE_LIBTORCH*cpu*").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void A_device_beyond_the_last_is_refused()
    {
        Assert.SkipUnless(torch.cuda.is_available(), "this machine has no CUDA");

        FluentActions.Invoking(() => Devices.Parse("cuda:255")).Should().Throw<TweedieException>()
            .WithMessage("device: 'cuda:255' is not available; the last one here is cuda:*.");
    }
}
