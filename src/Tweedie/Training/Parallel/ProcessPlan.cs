namespace Tweedie.Training;

/// <summary>
/// What a step costs in several processes, by a model that nobody has measured: the samples are shared evenly, each device is as fast as the measured one, and
/// gradients travel around a ring after the last of them is computed. The update of the weights, the reading of data and slow processes are not in it.
/// </summary>
/// <param name="Processes">The number of processes, W.</param>
/// <param name="Compute">The time in which a process computes its share of a batch.</param>
/// <param name="Communication">The time in which the gradients are summed.</param>
public sealed record ProcessPlan(int Processes, TimeSpan Compute, TimeSpan Communication)
{
    /// <summary>The time until a message arrives, however short it is: 20 µs.</summary>
    public static readonly TimeSpan Latency = TimeSpan.FromMicroseconds(20);

    /// <summary>The time of a step.</summary>
    public TimeSpan Step => Compute + Communication;

    /// <summary>The share of the time in which devices compute, 0 to 1.</summary>
    public double Efficiency => Compute / Step;

    /// <summary>Models a step: 2·(W−1)/W of the gradients pass through each link, and 2·log2 W messages follow one another.</summary>
    /// <param name="step">The time of a step in one process.</param>
    /// <param name="gradients">The bytes of the gradients that a process sends.</param>
    /// <param name="processes">W.</param>
    /// <param name="bandwidth">What each process can send per second, in bytes.</param>
    public static ProcessPlan Of(TimeSpan step, long gradients, int processes, double bandwidth)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(processes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(bandwidth, 0);
        var seconds = 2.0 * (processes - 1) / processes * gradients / bandwidth;
        return new(processes, step / processes, TimeSpan.FromSeconds(seconds) + Latency * (2 * Math.Ceiling(Math.Log2(processes))));
    }
}
