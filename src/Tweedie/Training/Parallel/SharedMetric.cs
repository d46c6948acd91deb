using Tweedie.Evaluation;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// A metric of predictions that several processes make, each for its own part of the images. It keeps the predictions of this process, until the first process
/// adds those of all in the order of the images. So the result does not depend on how many processes there are. Steps of trajectories do not reach the metric.
/// </summary>
internal sealed class SharedMetric(IMetric inner) : IMetric
{
    private readonly List<PredictedBatch> _batches = [];

    public bool NeedsProbabilities => inner.NeedsProbabilities;

    public void Add(PredictedBatch batch) => _batches.Add(batch with
    {
        Tokens = batch.Tokens.cpu().DetachFromDisposeScope(),
        Probabilities = batch.Probabilities?.to(float32).cpu().DetachFromDisposeScope(),
    });

    public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>(); // until they are collected

    /// <summary>The metric's values of all predictions, in the first process; nothing in the others.</summary>
    public IReadOnlyDictionary<string, double> Collect(ProcessGroup processes)
    {
        foreach (var (rank, count) in processes.Gather(_batches.Count).Index())
            for (var i = 0; i < count; i++)
            {
                using var scope = NewDisposeScope();
                if (processes.GatherBytes(rank > 0 && rank == processes.Rank ? Bytes(_batches[i]) : [])[rank] is { Length: > 0 } bytes && processes.IsFirst)
                    inner.Add(Batch(bytes) with { Sampling = _batches.FirstOrDefault()?.Sampling });
                else if (rank == 0 && processes.IsFirst)
                    inner.Add(_batches[i]);
            }
        foreach (var batch in _batches)
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
