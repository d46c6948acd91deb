using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>A run of a very small model, trained once by the command line for all tests that use it.</summary>
public sealed class TinyModel : IDisposable
{
    private const string Config = """
        data: { train: "shapes:count=64,test=32,size=16,seed=3", workers: 0 }
        model:
          encoder: { imageSize: 16, patchSize: 8, width: 16, depth: 1, heads: 2, mlpRatio: 1 }
          denoiser: { width: 16, depth: 1, heads: 2, mlpRatio: 1 }
        training: { epochs: 2, batchSize: 32, warmupEpochs: 0, reuse: 2 }
        evaluation: { steps: [1] }
        """;

    public TinyModel()
    {
        Folder = Directory.CreateTempSubdirectory("tweedie-cli-").FullName;
        ConfigFile = Path.Combine(Folder, "tiny.yaml");
        File.WriteAllText(ConfigFile, Config);
        Trained = CommandLine.Run("train", "--config", ConfigFile, "--out", Run);
        Image = Path.Combine(Folder, "image.png");
        ImageWriter.Save(new ShapeSource(1, 16).Read(0), Image);
    }

    public string Folder { get; }

    public string ConfigFile { get; }

    public string Run => Path.Combine(Folder, "run");

    public string Model => Path.Combine(Run, "model");

    public string Image { get; }

    internal CommandLineResult Trained { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
