namespace Tweedie.Tests.Training;

/// <summary>Which processors count as the same for a golden curve.</summary>
public sealed class NumericPlatformTests
{
    private const string Milan = "processor\t: 0\nvendor_id\t: AuthenticAMD\ncpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC\nflags\t\t: fpu sse2 avx2 fma\n\nprocessor\t: 1\nmodel\t\t: 9";

    [Theory]
    [InlineData("model\t\t: 1\n", "model\t\t: 17\n")]
    [InlineData("family\t: 25", "family\t: 26")]
    [InlineData("AuthenticAMD", "GenuineIntel")]
    [InlineData("avx2", "avx2 avx512f")]
    public void Another_maker_family_model_or_vector_instruction_is_another_platform(string part, string other) =>
        Identity(Milan.Replace(part, other, StringComparison.Ordinal)).Should().NotBe(Identity(Milan)).And.NotBeNull();

    [Theory]
    [InlineData("AMD EPYC", "AMD EPYC 7763")]
    [InlineData("fpu sse2 avx2", "sse2 fpu nx avx2")]
    [InlineData("model\t\t: 9", "model\t\t: 8")]
    public void Names_other_flags_and_other_cores_do_not_matter(string part, string other) =>
        Identity(Milan.Replace(part, other, StringComparison.Ordinal)).Should().Be(Identity(Milan));

    [Fact]
    public void A_processor_that_does_not_tell_has_no_identity() => Identity("processor\t: 0\nCPU part\t: 0xd40").Should().BeNull();

    private static string? Identity(string cpuInfo) => NumericPlatform.Processor(cpuInfo.Split('\n'));
}
