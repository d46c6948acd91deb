using Tweedie.Models;
using Tweedie.Tests.Models;

namespace Tweedie.Tests.Cli;

/// <summary><c>tweedie likelihood</c>, of a captioner that denoises and of one that writes token by token; neither is trained.</summary>
public sealed class LikelihoodCommandTests(LikelihoodCommandTests.Folders folders) : IClassFixture<LikelihoodCommandTests.Folders>
{
    private const string Data = "scenes:count=1,test=8,seed=3";

    [Fact]
    public void A_captioners_bound_has_terms_and_an_error_and_does_not_depend_on_the_batch()
    {
        var run = CommandLine.Run("likelihood", "--model", folders.Diffusion, "--data", Data, "--draws", "4", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("at most", "6 tokens", "4 noise levels", "standard error over images", "longer than a row of 6 tokens", "not in the vocabulary").And.NotContain("exact");
        var json = run.Json();
        json.GetProperty("samples").GetInt32().Should().Be(8);
        json.GetProperty("origin").GetProperty("model").GetProperty("weights").GetString().Should().StartWith("sha256:");
        json.GetProperty("settings").GetProperty("draws").GetInt32().Should().Be(4);
        var result = json.GetProperty("result");
        result.GetProperty("isExact").GetBoolean().Should().BeFalse();
        var nats = result.GetProperty("natsPerCaption").GetProperty("value").GetDouble();
        var terms = result.GetProperty("terms");
        new[] { "start", "path", "end" }.Sum(name => terms.GetProperty(name).GetDouble()).Should().BeApproximately(nats, 1e-6);
        result.GetProperty("natsPerWord").GetProperty("value").GetDouble().Should().BeApproximately(
            nats * result.GetProperty("captions").GetInt32() / result.GetProperty("words").GetInt32(), 1e-6);
        result.GetProperty("natsPerCaption").GetProperty("standardError").GetDouble().Should().BePositive();
        var images = result.GetProperty("images").EnumerateArray().ToList();
        images.Should().HaveCount(8);
        images.Sum(image => image.GetProperty("nats").EnumerateArray().Sum(one => one.GetDouble())).Should().BeApproximately(nats * result.GetProperty("captions").GetInt32(), 1e-6);
        var batched = CommandLine.Run("likelihood", "--model", folders.Diffusion, "--data", Data, "--draws", "4", "--batch-size", "3", "--json", "-").Json().GetProperty("result");
        batched.GetProperty("natsPerCaption").GetProperty("value").GetDouble().Should().BeApproximately(nats, 1e-4 * nats);
        var steps = CommandLine.Run("likelihood", "--model", folders.Diffusion, "--data", Data, "--steps", "5", "--proposal", "uniform", "--log-snr-max", "3.5", "--limit", "2", "--json", "-");
        steps.Error.Should().Contain("sampling in 5 steps up to log-SNR 3.5,");
        steps.Json().GetProperty("samples").GetInt32().Should().Be(2);
    }

    [Fact]
    public void An_autoregressive_captioner_is_measured_exactly()
    {
        var run = CommandLine.Run("likelihood", "--model", folders.Autoregressive, "--data", Data, "--split", "test", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().Contain("exact").And.NotContain("at most");
        run.Json().GetProperty("result").GetProperty("isExact").GetBoolean().Should().BeTrue();
        run.Json().GetProperty("result").TryGetProperty("terms", out _).Should().BeFalse();
    }

    [Fact]
    public void Mistakes_are_named()
    {
        CommandLine.Run("likelihood", "--model", folders.Autoregressive, "--data", Data, "--steps", "5").ShouldBeOneLineError(1, "--steps 5", "exact");
        CommandLine.Run("likelihood", "--model", folders.Diffusion, "--data", Data, "--steps", "5000").ShouldBeOneLineError(1, "--steps 5000", "1000");
        CommandLine.Run("likelihood", "--model", folders.Diffusion, "--data", Data, "--proposal", "best").ShouldBeOneLineError(2, "--proposal", "best", "importance, uniform");
        var classifier = Directory.CreateDirectory(Path.Combine(folders.Root, "classifier")).FullName;
        File.WriteAllText(Path.Combine(classifier, "config.json"), """{"kind": "classifier"}""");
        CommandLine.Run("likelihood", "--model", classifier, "--data", Data).ShouldBeOneLineError(1, "classifier", "captioner");
    }

    /// <summary>Captioners that are saved for all tests.</summary>
    public sealed class Folders : IDisposable
    {
        public string Root { get; } = Directory.CreateTempSubdirectory("tweedie-likelihood-").FullName;

        public string Diffusion => Path.Combine(Root, "tdd");

        public string Autoregressive => Path.Combine(Root, "ar");

        public Folders()
        {
            foreach (var (folder, method) in new[] { (Diffusion, TokenMethod.Tdd), (Autoregressive, TokenMethod.Ar) })
            {
                using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Method = method });
                captioner.Save(Directory.CreateDirectory(folder).FullName);
            }
        }

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
