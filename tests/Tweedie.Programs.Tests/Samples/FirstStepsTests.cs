using Tweedie.Images;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;

namespace Tweedie.Tests.Samples;

/// <summary>The sample <c>samples/FirstSteps</c> trains and uses models as a newcomer would, and pages show its actual code.</summary>
public sealed class FirstStepsTests
{
    private static readonly SampleProgram Sample = new("FirstSteps");

    [Fact]
    public void The_sample_trains_on_its_own_images_and_uses_all_kinds_of_models()
    {
        using var folder = new TemporaryFolder();
        using (var captioner = TinyCaptioner.Create())
            captioner.Save(Path.Combine(folder.Path, "captioner"));
        using (var generator = TinyTextGenerator.Create())
            generator.Save(Path.Combine(folder.Path, "generator"));
        using (var clip = TinyClip.Create())
            clip.Save(Path.Combine(folder.Path, "clip"));
        ImageWriter.Save(new RasterImage(16, 16, 3, [.. Enumerable.Range(0, 256).SelectMany(_ => new byte[] { 40, 60, 220 })]), Path.Combine(folder.Path, "cat.png"));

        Output("train").Should().MatchRegex(@"best: top1\.\S+ 100 ?%");
        Output("classify").Should().MatchRegex(@"^blue: [5-9]\d\.\d ?%\n\w+: .*\n\w+: .*\n$");
        Output("watch").Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(5).And.HaveElementAt(4, "t = 0: blue").And.OnlyContain(line => line.StartsWith("t = "));
        Output("upload").Should().Be("blue (calibrated)\n");
        Output("caption").Should().NotBeNullOrWhiteSpace();
        Output("generate").Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(2).And.OnlyContain(line => line.StartsWith("a small "));
        Output("parts").Should().MatchRegex(@"^most of the signal is left at 49\d of 1000 levels\n16 x 16 pixels\n$");
        Output("host").Should().MatchRegex(@"^classifier: blue\n(draft \d+: .*\n){4}caption: .*\nwriter: a small .*\ncosine: -?[01]\.\d{3}\n$");

        string Output(string command)
        {
            var result = Sample.Run(folder.Path, command);
            result.ExitCode.Should().Be(0, result.Error);
            return result.Output;
        }
    }

    [Fact]
    public void The_sample_tells_of_mistakes_in_one_line()
    {
        using var folder = new TemporaryFolder();

        Sample.Run(folder.Path).ExitCode.Should().Be(2);
        Sample.Run(folder.Path, "classify").ShouldBeOneLineError(1, "model");
    }
}
