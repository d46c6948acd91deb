using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Cli;

public sealed class Bf16ProductsTests(TinyModel tiny) : IClassFixture<TinyModel>
{
    [Fact]
    public void Float32_is_never_warned_of() => Bf16Products.Warning("x", Precision.F32, torch.CPU).Should().BeNull();

    [Fact]
    public void A_processor_with_AVX_512_is_not_warned_of_and_one_without_is()
    {
        const string cpuInfo = "/proc/cpuinfo";
        var flags = File.Exists(cpuInfo) ? File.ReadLines(cpuInfo).FirstOrDefault(line => line.StartsWith("flags", StringComparison.Ordinal))?.Split(' ') : null;
        Assert.SkipWhen(flags is null, "this system does not tell the processor's instructions in /proc/cpuinfo");

        var isFast = new[] { "avx512bw", "avx512dq", "avx512vl" }.All(flags!.Contains);

        (Bf16Products.Warning("x", Precision.Bf16, torch.CPU) is null).Should().Be(isFast);
    }

    [Fact]
    public void Where_AVX_512_is_switched_off_a_command_names_the_way_out()
    {
        Assert.SkipUnless(System.Runtime.Intrinsics.X86.X86Base.IsSupported, "only x86 processors are judged");
        string[] classify = ["classify", "--model", tiny.Model, tiny.Image, "--steps", "1", "--precision"];
        (string, string)[] environment = [("DOTNET_EnableAVX512", "0"), ("DOTNET_EnableAVX512F", "0")]; // the name in .NET 10, and the name before it

        var (slow, plain) = (CommandLine.Run([.. classify, "bf16"], environment), CommandLine.Run([.. classify, "f32"], environment));

        slow.ExitCode.Should().Be(0, slow.Error);
        slow.Error.Should().StartWith("warning: --precision bf16: ").And.Contain("use f32.");
        plain.Error.Should().BeEmpty();
    }
}
