using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// The processes that train one model together, each on its share of every batch. All of them call the same members in the same order; a call returns when the
/// others have called it too.
/// </summary>
public interface ICollective
{
    /// <summary>What connects the processes, such as <c>Open MPI</c>.</summary>
    string Name { get; }

    /// <summary>This process, 0..Size−1.</summary>
    int Rank { get; }

    /// <summary>Number of processes.</summary>
    int Size { get; }

    /// <summary>Replaces a tensor by its sum over all processes, which is the same to the bit in each of them.</summary>
    /// <param name="flat">A 1-D tensor in float32 or bfloat16, contiguous, of the same length and type everywhere; changed in place. In bfloat16 each sum is rounded.</param>
    void Sum(Tensor flat);

    /// <summary>Replaces a tensor by that of the process 0.</summary>
    /// <param name="flat">A 1-D tensor in float32 or bfloat16, contiguous, of the same length and type everywhere; changed in place.</param>
    void Broadcast(Tensor flat);

    /// <summary>Gives the messages of all processes to all of them.</summary>
    /// <param name="message">What this process says, of any length.</param>
    /// <returns>What the processes say, by rank.</returns>
    IReadOnlyList<byte[]> Gather(byte[] message);

    /// <summary>Returns when all processes are here. It waits without a limit, because one of them may do long work alone.</summary>
    void Barrier();
}
