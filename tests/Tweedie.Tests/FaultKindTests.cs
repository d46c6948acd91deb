using TorchSharp;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Platform;
using Tweedie.Sampling;
using Tweedie.Storage;
using Tweedie.Tests.Models;
using Tweedie.Training;

namespace Tweedie.Tests;

/// <summary>Errors say what is at fault, so that a host can tell a user's mistake from a problem of its own.</summary>
public sealed class FaultKindTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tweedie-faults-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_setting_or_a_data_file_is_input()
    {
        var noImage = Write("image.png", "no image");
        using var classifier = TinyClassifier.Create();

        KindOf(() => ConfigDocument.Parse("task: [", "run.yaml")).Should().Be(FaultKind.Input);
        KindOf(() => RunConfig.From(ConfigDocument.Parse("seeed: 1", "run.yaml"))).Should().Be(FaultKind.Input);
        KindOf(() => classifier.Model.Resolve(new SamplingOptions { Draws = 0 })).Should().Be(FaultKind.Input);
        KindOf(() => ImageSources.Open("shapes:cuont=4", DataSplit.Train)).Should().Be(FaultKind.Input);
        KindOf(() => ImageDecoder.DecodeFile(noImage, 3)).Should().Be(FaultKind.Input);
    }

    [Fact]
    public void A_model_folder_that_is_not_right_is_the_models_fault()
    {
        var (good, captioner) = (Path.Combine(_folder, "good"), Path.Combine(_folder, "captioner"));
        using (var classifier = TinyClassifier.Create())
            classifier.Save(good);
        using (var tiny = TinyCaptioner.Create())
            tiny.Save(captioner);

        KindOf(() => ImageClassifier.Load(Path.Combine(_folder, "nowhere"))).Should().Be(FaultKind.Model);
        KindOf(() => ImageClassifier.Load(captioner)).Should().Be(FaultKind.Model);
        KindOf(() => ImageClassifier.Load(Changed("config.json", text => text.Replace("\"depth\": 1", "\"depth\": 0")))).Should().Be(FaultKind.Model);
        KindOf(() => ImageClassifier.Load(Changed("config.json", text => text.Replace("\"depth\": 1", "\"depth\": 2")))).Should().Be(FaultKind.Model);
        KindOf(() => ImageClassifier.Load(Changed("config.json", _ => "{"))).Should().Be(FaultKind.Model);
        KindOf(() => ImageClassifier.Load(Changed("model.safetensors", _ => "no tensors"))).Should().Be(FaultKind.Model);
        File.WriteAllText(Directory.GetFiles(captioner, "*.txt").Single(), "one\none\n");
        KindOf(() => ImageCaptioner.Load(captioner)).Should().Be(FaultKind.Model);

        string Changed(string file, Func<string, string> change)
        {
            var folder = Path.Combine(_folder, Path.GetRandomFileName());
            Directory.CreateDirectory(folder);
            foreach (var path in Directory.GetFiles(good))
                File.Copy(path, Path.Combine(folder, Path.GetFileName(path)));
            File.WriteAllText(Path.Combine(folder, file), change(File.ReadAllText(Path.Combine(folder, file))));
            return folder;
        }
    }

    [Fact]
    public void Files_locks_and_checkpoints_are_storage()
    {
        var checkpoint = Directory.CreateDirectory(Path.Combine(_folder, "step-000001")).FullName;
        File.WriteAllText(Path.Combine(checkpoint, "state.json"), "{");
        var run = new RunFolder(Path.Combine(_folder, "run"));
        using var held = RunLock.Hold(run);

        KindOf(() => ConfigDocument.Load(Path.Combine(_folder, "nowhere.yaml"))).Should().Be(FaultKind.Storage);
        KindOf(() => AtomicFile.WriteText(Path.Combine(_folder, "nowhere", "file.txt"), "text")).Should().Be(FaultKind.Storage);
        KindOf(() => RunLock.Hold(run)).Should().Be(FaultKind.Storage);
        KindOf(() => new CheckpointStore(_folder, keep: 2).NewestWhole()).Should().Be(FaultKind.Storage);
        KindOf(() => CheckpointStore.ReadState(checkpoint)).Should().Be(FaultKind.Storage);
    }

    [Fact]
    public void Memory_that_does_not_suffice_is_a_matter_of_resources() =>
        KindOf(() => OutOfMemory.Guard("a test", "ask for less", () => torch.zeros(1L << 50))).Should().Be(FaultKind.Resources);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static FaultKind KindOf(Action work) => work.Should().Throw<TweedieException>().Which.Kind;
}
