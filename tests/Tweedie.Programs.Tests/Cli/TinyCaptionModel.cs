using Tweedie.Images;

namespace Tweedie.Tests.Cli;

/// <summary>A run of a very small captioner, trained once by the command line for all tests that use it.</summary>
public class TinyCaptionModel : IDisposable
{
    private const string Config = """
        task: caption
        data: { train: "scenes:count=64,test=8,seed=3", workers: 0 }
        model:
          tokens: 28
          encoder: { imageSize: 32, patchSize: 16, width: 16, depth: 1, heads: 2, mlpRatio: 1 }
          denoiser: { width: 16, depth: 1, heads: 2, mlpRatio: 1 }
        training: { epochs: 2, batchSize: 32, warmupEpochs: 0, reuse: 2 }
        evaluation: { steps: [1] }
        """;

    public TinyCaptionModel() : this(Config) { }

    protected TinyCaptionModel(string config)
    {
        Folder = Directory.CreateTempSubdirectory("tweedie-caption-").FullName;
        ConfigFile = Path.Combine(Folder, "tiny.yaml");
        File.WriteAllText(ConfigFile, config);
        Trained = CommandLine.Run("train", "--config", ConfigFile, "--out", Path.Combine(Folder, "run"));
        Image = Path.Combine(Folder, "image.png");
        ImageWriter.Save(new SceneSource(1).Read(0), Image);
    }

    public string Folder { get; }

    public string ConfigFile { get; }

    public string Model => Path.Combine(Folder, "run", "model");

    public string Image { get; }

    internal CommandLineResult Trained { get; }

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}
