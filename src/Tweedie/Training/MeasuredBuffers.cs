using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// What a network measures while it is trained, such as the loss by timestep, and keeps in its buffers. All micro-batches of a step see the buffers as they were
/// before the step. After it, counts have grown by what all of them have counted; any other element is the mean of its new values. So the result depends
/// neither on the order of the micro-batches nor on the process that computed them.
/// </summary>
internal sealed class MeasuredBuffers
{
    private readonly List<Buffer> _buffers;

    /// <summary>Finds the buffers of a network that hold numbers in float32.</summary>
    public MeasuredBuffers(nn.Module network)
    {
        var counts = network.modules().OfType<OneHotEmbedding>().Select(embedding => embedding.Counts?.Handle).ToHashSet();
        _buffers = [.. network.named_buffers().Where(pair => pair.buffer.dtype == float32).Select(pair => new Buffer(pair.buffer, counts.Contains(pair.buffer.Handle)))];
    }

    /// <summary>Remembers the buffers before a step.</summary>
    public void Begin() => All(buffer => buffer.Begin());

    /// <summary>Sets the buffers back to what they were before the step.</summary>
    public void Restore() => All(buffer => buffer.Restore());

    /// <summary>Takes down what a micro-batch has measured, and sets the buffers back.</summary>
    public void Keep() => All(buffer => buffer.Keep());

    /// <summary>Changes the buffers by what the micro-batches of all processes have measured.</summary>
    public void End(ProcessGroup processes) => All(buffer => buffer.End(processes));

    private void All(Action<Buffer> action)
    {
        if (_buffers.Count == 0)
            return;
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        _buffers.ForEach(action);
    }

    private sealed class Buffer(Tensor values, bool counts)
    {
        private Tensor? _start; // null where no step is under way
        private Tensor? _sum;
        private Tensor? _changes;

        public void Begin()
        {
            End();
            (_start, _sum, _changes) = (values.clone().DetachFromDisposeScope(), zeros_like(values).DetachFromDisposeScope(), zeros_like(values).DetachFromDisposeScope());
        }

        public void Restore()
        {
            if (_start is not null)
                values.copy_(_start);
        }

        public void Keep()
        {
            if (_start is null)
                return;
            var changed = (values != _start).logical_and(values.isnan().logical_not());
            _sum!.Increase(where(changed, counts ? values - _start : values, zeros_like(values)));
            _changes!.Increase(changed.to(float32));
            Restore();
        }

        public void End(ProcessGroup processes)
        {
            var all = cat([_sum!.flatten(), _changes!.flatten()]);
            processes.Sum(all);
            var (sum, changes) = (all.narrow(0, 0, values.numel()).view(values.shape), all.narrow(0, values.numel(), values.numel()).view(values.shape));
            values.copy_(where(changes.Is(0), _start!, counts ? sum.Increase(_start!) : sum / changes));
            End();
        }

        private void End()
        {
            _start?.Dispose();
            _sum?.Dispose();
            _changes?.Dispose();
            (_start, _sum, _changes) = (null, null, null);
        }
    }
}
