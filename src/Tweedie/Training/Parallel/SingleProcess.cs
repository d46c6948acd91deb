using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>One process, which trains alone.</summary>
internal sealed class SingleProcess : ICollective
{
    public string Name => "one process";

    public int Rank => 0;

    public int Size => 1;

    public void Sum(Tensor flat) { }

    public void Broadcast(Tensor flat) { }

    public IReadOnlyList<byte[]> Gather(byte[] message) => [message];

    public void Barrier() { }
}
