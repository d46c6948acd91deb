using Tweedie.Images;
using Tweedie.Onnx;
using Tweedie.Sampling;

namespace Tweedie.Tests.Cli;

/// <summary><c>tweedie export</c>, from a trained model to an answer without libtorch.</summary>
public sealed class ExportCommandTests(TinyModel model) : IClassFixture<TinyModel>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Exported => Path.Combine(_folder.Path, "exported");

    [Fact]
    public void A_training_is_exported_and_answers_as_it_did()
    {
        var written = CommandLine.Run("export", model.Run, "--out", Exported, "--sampler", "--data-license", "CC0");

        written.ExitCode.Should().Be(0, written.Error);
        written.Output.Should().Contain("classifier").And.Contain("sampler.onnx").And.Contain("model.json");
        var own = CommandLine.Run("classify", "--model", model.Run, model.Image, "--steps", "4", "--json", "-").Json();
        using var exported = OnnxClassifier.Load(Exported);
        exported.Options.Should().BeEquivalentTo(new { DataLicense = "CC0", Opset = 17, Kind = OnnxModelKind.Classifier, Weights = Tweedie.Models.ModelFolder.HashOf(model.Run) });
        var prediction = exported.Predict([ImageDecoder.DecodeFile(model.Image)], new SamplingOptions { Steps = 4 });
        own.ToString().Should().Contain(exported.Options.ClassNames[prediction.Classes[0]]);
        exported.Classify(ImageDecoder.DecodeFile(model.Image), top: 2, new() { Steps = 4 }).Should().HaveCount(2)
            .And.BeInDescendingOrder(answer => answer.Probability).And.Subject.First().Name.Should().Be(exported.Options.ClassNames[prediction.Classes[0]]);
        exported.Denoise(exported.Encode([ImageDecoder.DecodeFile(model.Image)]), new() { Steps = 4 }, top: 3).Should().HaveCount(4)
            .And.AllSatisfy(step => step.Entries[0][0].Should().HaveCount(3));
    }

    [Fact]
    public void Mistakes_are_named_in_the_words_of_the_command_line()
    {
        CommandLine.Run("export", model.Run, "--out", Exported, "--opset", "18").ShouldBeOneLineError(1, "--opset 18 must be 17, 20 or 23");
        CommandLine.Run("export", model.Run, "--out", Exported, "--precision", "int4").ShouldBeOneLineError(2, "--precision", "int8");
        CommandLine.Run("export", model.Run, "--out", model.Folder).ShouldBeOneLineError(1, "something other than an exported model");
        CommandLine.Run("export", Path.Combine(_folder.Path, "absent"), "--out", Exported).ShouldBeOneLineError(1, "absent");
        Directory.Exists(Exported).Should().BeFalse();
    }

    public void Dispose() => _folder.Dispose();
}
