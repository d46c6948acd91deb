using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Computes the loss of a batch in micro-batches and adds its gradients to those of the parameters.</summary>
/// <param name="task">What is trained.</param>
/// <param name="precision">The precision of the forward pass.</param>
/// <param name="processes">The processes that train together; each has its share of the micro-batches.</param>
internal sealed class BatchGradients(ITrainingTask task, Precision precision, ProcessGroup processes)
{
    private readonly MeasuredBuffers _buffers = new(task.Network);

    /// <summary>
    /// Adds the gradients of this process's micro-batches. The sums over the processes are the loss and its gradient: the mean over all micro-batches, or the
    /// loss of the whole batch (<see cref="IWholeBatchTask"/>).
    /// </summary>
    /// <param name="parts">The micro-batches of this process, of equal size, on the device; they are disposed of.</param>
    /// <param name="seed">The seed of torch's generator for a micro-batch.</param>
    /// <returns>This process's share of the loss.</returns>
    /// <exception cref="OtherProcessException">Another process has failed.</exception>
    public float Add(IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        using var scope = NewDisposeScope();
        var count = parts.Count * processes.Size;
        if (count > 1)
            _buffers.Begin();
        var loss = task is IWholeBatchTask whole && count > 1 ? AddWhole(whole, parts, seed) : processes.Together(() => AddParts(parts, seed));
        if (count > 1)
            _buffers.End(processes);
        return loss;
    }

    /// <summary>Replaces gradients by their sums over the processes.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="sent">The numbers in which gradients are sent.</param>
    public void Sum(FlatParameters parameters, Precision sent)
    {
        using var noGrad = no_grad();
        foreach (var gradients in parameters.Groups.Select(group => group.Gradients!))
        {
            if (sent == Precision.F32 || processes.Size == 1)
            {
                processes.Sum(gradients);
                continue;
            }
            using var rounded = gradients.to(bfloat16);
            processes.Sum(rounded);
            gradients.copy_(rounded);
        }
    }

    private float AddParts(IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        var total = zeros([], device: task.Device);
        foreach (var (micro, part) in parts.Index())
        {
            using var scope = NewDisposeScope();
            using (part)
            {
                manual_seed(seed(micro));
                var loss = Forward(() => task.Loss(part)).Over(parts.Count * processes.Size);
                loss.backward();
                total.Increase(loss.detach());
                _buffers.Keep();
            }
        }
        return total.item<float>();
    }

    // The chain rule in three passes. The first computes the features of all micro-batches without a graph, the second the loss and its gradient with respect to
    // the features. The third computes each micro-batch again with a graph and carries that gradient on to the weights. Only one graph exists at a time.
    private float AddWhole(IWholeBatchTask whole, IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        var features = processes.Together(() => WithoutGraph(whole, parts, seed));
        var size = features[0].shape[0];
        Tensor[] all = [.. features.Select(feature => Gather(feature).requires_grad_())];
        var (loss, gradients) = processes.Together(() => FeatureGradients(whole, all));
        Tensor[][] own = [.. gradients.Select(gradient => gradient.narrow(0, processes.Rank * size, size).chunk(parts.Count))];
        processes.Together(() =>
        {
            foreach (var (micro, part) in parts.Index())
            {
                using var scope = NewDisposeScope();
                using (part)
                {
                    manual_seed(seed(micro));
                    autograd.backward([.. Forward(() => whole.Features(part))], [.. own.Select(chunks => chunks[micro])]);
                    _buffers.Keep();
                }
            }
        });
        return loss;
    }

    // Every process has the whole loss, so only the first one counts it, and the gradients of the loss's own parameters.
    private (float Loss, IReadOnlyList<Tensor> Gradients) FeatureGradients(IWholeBatchTask whole, Tensor[] features)
    {
        var loss = Forward(() => whole.Loss(features));
        if (!processes.IsFirst)
            return (0, [.. autograd.grad([loss], features)]);
        loss.backward();
        return (loss.item<float>(), [.. features.Select(feature => feature.grad!)]);
    }

    private Tensor[] WithoutGraph(IWholeBatchTask whole, IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        using var noGrad = no_grad();
        var features = parts.Select((part, micro) =>
        {
            manual_seed(seed(micro));
            var computed = Forward(() => whole.Features(part));
            _buffers.Restore();
            return computed;
        }).ToList();
        return [.. Enumerable.Range(0, features[0].Count).Select(i => cat([.. features.Select(part => part[i])]))];
    }

    // Each process fills its own rows, so the sum over all has everyone's rows.
    private Tensor Gather(Tensor feature)
    {
        if (processes.Size == 1)
            return feature;
        using var noGrad = no_grad();
        var rows = feature.shape[0];
        var all = zeros([processes.Size * rows, .. feature.shape[1..]], float32, feature.device);
        all.narrow(0, processes.Rank * rows, rows).copy_(feature);
        processes.Sum(all.view(-1));
        return all.to(feature.dtype);
    }

    private T Forward<T>(Func<T> compute)
    {
        if (precision == Precision.F32)
            return compute();
        using (Autocast.Enter(task.Device, ScalarType.BFloat16))
            return compute();
    }
}
