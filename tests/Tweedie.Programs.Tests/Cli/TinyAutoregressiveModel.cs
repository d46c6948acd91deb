namespace Tweedie.Tests.Cli;

/// <summary>A run of a very small captioner that writes token by token, trained once by the command line for all tests that use it.</summary>
public sealed class TinyAutoregressiveModel() : TinyCaptionModel(Own)
{
    private const string Own = """
        task: caption
        data: { train: "scenes:count=64,test=8,seed=3", workers: 0, holdout: 8 }
        model:
          method: ar
          tokens: 28
          encoder: { imageSize: 32, patchSize: 16, width: 16, depth: 1, heads: 2, mlpRatio: 1 }
          denoiser: { width: 16, depth: 1, heads: 2, mlpRatio: 1 }
        training: { epochs: 2, batchSize: 32, warmupEpochs: 0, reuse: 1 }
        """;
}
