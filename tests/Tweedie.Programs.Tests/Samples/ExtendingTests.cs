using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Tweedie.Tests.Cli;

namespace Tweedie.Tests.Samples;

/// <summary>The sample <c>samples/Extending</c> trains, resumes exactly and evaluates with its own parts, and its page shows its actual code.</summary>
public sealed class ExtendingTests
{
    private static readonly SampleProgram Sample = new("Extending");

    [Fact]
    public void A_resumed_training_of_the_sample_ends_with_the_weights_of_an_uninterrupted_one()
    {
        using var folder = new TemporaryFolder();
        var (whole, interrupted) = (Path.Combine(folder.Path, "whole"), Path.Combine(folder.Path, "interrupted"));

        ShouldSucceed(Run("train", whole));
        var stopped = Run("train", interrupted, "--stop-after", "120");
        stopped.ExitCode.Should().Be(130, stopped.Error);
        Directory.Exists(Path.Combine(interrupted, "model")).Should().BeFalse("the run has not ended");
        Directory.Exists(Path.Combine(interrupted, "checkpoints", "step-000120")).Should().BeTrue("it stopped in the middle of an epoch");
        ShouldSucceed(Run("resume", interrupted));

        WeightsHash(interrupted).Should().Be(WeightsHash(whole));

        var evaluation = ShouldSucceed(Run("evaluate", interrupted));
        foreach (var sampler in new[] { "1 step", "the paper's sampler", "the sample's sampler" })
            evaluation.Output.Should().MatchRegex($@"(?m)^{sampler}\.last\s+wholeNumber \d+\.\d ?%\s+digit \d+\.\d ?%$");
        var right = double.Parse(Regex.Match(evaluation.Output, @"the sample's sampler\.last\s+wholeNumber (\d+\.\d)").Groups[1].Value);
        right.Should().BeGreaterThan(80, "it reads most numbers after its short training");
    }

    [Fact]
    public void The_sample_tells_of_mistakes_in_one_line()
    {
        using var folder = new TemporaryFolder();

        Run().ExitCode.Should().Be(2);
        Run("resume", folder.Path).ShouldBeOneLineError(1, "there is no checkpoint to resume from");
    }

    [Fact]
    public void Every_line_of_the_config_on_the_page_stands_in_the_sample()
    {
        var config = File.ReadAllLines(Path.Combine(Shared.RepositoryRoot, "samples", "Extending", "config.yaml")).Select(line => line.Trim()).ToHashSet();

        PageCode.Of("docs/extending.md", "yaml").SelectMany(block => block.Lines).Should().NotBeEmpty().And.OnlyContain(line => config.Contains(line));
    }

    private static CommandLineResult ShouldSucceed(CommandLineResult result)
    {
        result.ExitCode.Should().Be(0, result.Error);
        return result;
    }

    private static string WeightsHash(string run) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(run, "model", "model.safetensors"))));

    private static CommandLineResult Run(params string[] arguments) => Sample.Run(null, arguments);
}
