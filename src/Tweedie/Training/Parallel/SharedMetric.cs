using Tweedie.Evaluation;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// A metric of predictions that several processes make, each for its own part of the images. The first process adds its own predictions at once, and later those of
/// the others in the order of the images. So the result does not depend on how many processes there are. Steps of trajectories do not reach the metric.
/// </summary>
internal sealed class SharedMetric(IMetric inner, ProcessGroup processes) : IMetric
{
    private readonly List<PredictedBatch> _kept = []; // in the other processes, until they are collected
    private SamplingOptions? _sampling;

    public bool NeedsProbabilities => inner.NeedsProbabilities;

    public void Add(PredictedBatch batch)
    {
        _sampling = batch.Sampling;
        if (processes.IsFirst)
            inner.Add(batch);
        else
            _kept.Add(batch with
            {
                Tokens = batch.Tokens.cpu().contiguous().DetachFromDisposeScope(),
                Probabilities = batch.Probabilities?.to(float32).cpu().contiguous().DetachFromDisposeScope(),
            });
    }

    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>(); // until they are collected

    /// <summary>The metric's values of all predictions, in the first process; nothing in the others. They travel batch by batch.</summary>
    public IReadOnlyDictionary<string, double> Collect()
    {
        foreach (var (rank, count) in processes.Gather(_kept.Count).Index())
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                var bytes = processes.GatherBytes(rank == processes.Rank ? Bytes(_kept[i]) : [])[rank];
                if (processes.IsFirst)
                    inner.Add(Batch(bytes) with { Sampling = _sampling });
            }
        foreach (var batch in _kept)
        {
            batch.Tokens.Dispose();
            batch.Probabilities?.Dispose();
        }
        return processes.IsFirst ? inner.Values() : Values();
    }

    private static byte[] Bytes(PredictedBatch batch)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        Write(batch.Indices, index => writer.Write(index), batch.Indices.Count);
        Write(batch.Tokens.shape, length => writer.Write(length), (int)batch.Tokens.dim());
        writer.Write(batch.Tokens.bytes.ToArray());
        if (batch.Probabilities is { } probabilities)
        {
            Write(probabilities.shape, length => writer.Write(length), (int)probabilities.dim());
            writer.Write(probabilities.bytes.ToArray());
        }
        return stream.ToArray();

        void Write<T>(IEnumerable<T> values, Action<T> write, int count)
        {
            writer.Write(count);
            foreach (var value in values.Take(count))
                write(value);
        }
    }

    private static PredictedBatch Batch(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        int[] indices = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt32())];
        var tokens = Read(int64, sizeof(long));
        return new(indices, tokens, reader.BaseStream.Position < bytes.Length ? Read(float32, sizeof(float)) : null);

        Tensor Read(ScalarType type, int size)
        {
            long[] shape = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadInt64())];
            var values = empty(shape, type);
            values.bytes = reader.ReadBytes(checked((int)shape.Aggregate(1L, (product, length) => product * length) * size));
            return values;
        }
    }
}
