using System.ComponentModel;
using System.Diagnostics;

namespace Tweedie.Tests.Sampling;

/// <summary>Other languages compute the same numbers.</summary>
public sealed class NoisePeersTests
{
    private const string Python = "bench/peers/noise.py", JavaScript = "samples/browser/check/check.js";

    [Fact]
    public async Task Python_computes_the_known_numbers() => (await Run("python3", Python, "check", NoiseGolden.File)).Should().Be((0, "equal"));

    [Fact]
    public async Task JavaScript_computes_the_known_numbers() => (await Run("node", JavaScript, "noise", NoiseGolden.File)).Should().Be((0, "equal"));

    [Theory]
    [InlineData("python3", Python, "check")]
    [InlineData("node", JavaScript, "noise")]
    public async Task A_wrong_last_bit_is_found(string program, string script, params string[] arguments)
    {
        var text = await File.ReadAllTextAsync(NoiseGolden.File);
        var bits = $"{NoiseGolden.Read()[^1].Normal32[^1]:X8}";
        var wrong = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(wrong, text.Replace(bits, $"{Convert.ToUInt32(bits, 16) ^ 1:X8}"));

            var (exit, output) = await Run(program, script, [.. arguments, wrong]);

            exit.Should().Be(1);
            output.Should().StartWith("normal32 of seed");
        }
        finally
        {
            File.Delete(wrong);
        }
    }

    private static async Task<(int Exit, string Output)> Run(string program, string script, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, [Path.Combine(Shared.RepositoryRoot, script), .. arguments])
        {
            RedirectStandardOutput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, output.Trim());
        }
        catch (Win32Exception)
        {
            Assert.Skip($"needs {program} in the PATH");
            throw;
        }
    }
}
