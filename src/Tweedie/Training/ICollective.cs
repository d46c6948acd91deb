using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>The processes that train one model together, each on its share of every batch.</summary>
public interface ICollective
{
    /// <summary>This process, 0..Size−1.</summary>
    int Rank { get; }

    /// <summary>Number of processes.</summary>
    int Size { get; }

    /// <summary>Replaces a tensor by its mean over all processes.</summary>
    /// <param name="flat">A 1-D tensor, of the same length everywhere; changed in place.</param>
    void Average(Tensor flat);
}

/// <summary>One process, which trains alone.</summary>
internal sealed class SingleProcess : ICollective
{
    public int Rank => 0;

    public int Size => 1;

    public void Average(Tensor flat) { }
}
