using System.Runtime.Intrinsics.X86;
using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class Bf16ProductsTests
{
    [Fact]
    public void Float32_is_never_warned_of() => Bf16Products.Warning("x", Precision.F32, torch.CPU).Should().BeNull();

    [Fact]
    public void A_processor_without_avx512_is_named_with_the_way_out()
    {
        Assert.SkipWhen(Bf16Products.AreFast(torch.CPU), "this processor multiplies bfloat16");
        Avx512BW.IsSupported.Should().BeFalse();
        Bf16Products.Warning("--precision bf16", Precision.Bf16, torch.CPU).Should().StartWith("--precision bf16: ").And.EndWith("use f32.");
    }
}
