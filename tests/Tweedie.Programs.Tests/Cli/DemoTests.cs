namespace Tweedie.Tests.Cli;

/// <summary>The demo, which trains each of its models in a process of its own.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_compares_both_models_and_leaves_them_in_its_folder()
    {
        var demo = CommandLine.Run("demo", "--quick", "--out", _folder.Path);

        demo.ExitCode.Should().Be(0, demo.Error);
        demo.Output.Should().ContainAll(
            $"{_folder.File("linear")}: linear classifier", $"{_folder.File("tdd")}: tdd classifier", "Accuracy on 1000 test images", "consensus, control", "t= 999", "Of the first 100 test images, this is the", "Done in");
        demo.Output.Should().NotContainAny("\u0001", "\u001b", "▀");
        foreach (var name in new[] { "linear", "tdd" })
            File.Exists(_folder.File($"{name}/model/model.safetensors")).Should().BeTrue(name);

        var again = CommandLine.Run("demo", "--quick", "--out", _folder.Path);
        again.ExitCode.Should().Be(1);
        again.Error.Should().Contain($"error: {_folder.File("linear")}").And.NotContain("   at ");
    }

    [Fact]
    public void An_interrupted_demo_stops_all_trainings_in_order()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "sends signals");
        using var demo = new RunningCommand("demo", "--out", _folder.Path);
        demo.WaitUntil(() => Held().Length == 3);

        demo.Signal("INT"); // only to the demo; a terminal would send it to the trainings too

        demo.WaitForExit().Should().Be(130, demo.Error);
        demo.Error.Trim().Should().Be("interrupted");
        Held().Should().BeEmpty("the trainings have ended before it");
        foreach (var name in new[] { "linear", "tdd", "caption" })
            Directory.GetDirectories(_folder.File($"{name}/checkpoints"), "step-*").Should().NotBeEmpty("a stop in order saves");
    }

    // The trainings that hold their folders.
    private string[] Held() => Directory.GetFiles(_folder.Path, "pid", SearchOption.AllDirectories);
}
