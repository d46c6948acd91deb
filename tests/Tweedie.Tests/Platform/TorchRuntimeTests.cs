using TorchSharp;

namespace Tweedie.Tests.Platform;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Torch_computes_without_a_manual_step()
    {
        using var ones = torch.ones(2, 3);

        ones.sum().item<float>().Should().Be(6);
    }
}
