using Tweedie.Platform;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Computes the loss of a batch in micro-batches and adds its gradients to those of the parameters.</summary>
/// <param name="task">What is trained.</param>
/// <param name="precision">The precision of the forward pass.</param>
/// <param name="collective">The processes that train together; each has its share of the batch.</param>
internal sealed class BatchGradients(ITrainingTask task, Precision precision, ICollective collective)
{
    /// <summary>
    /// Adds the gradients. The mean over the processes is the gradient of the loss: the mean of the micro-batches' losses, or the loss of the whole batch over
    /// all processes (<see cref="IWholeBatchTask"/>).
    /// </summary>
    /// <param name="parts">The micro-batches, of equal size, on the device; they are disposed of.</param>
    /// <param name="seed">The seed of torch's generator for a micro-batch.</param>
    /// <returns>The loss, a scalar without graph.</returns>
    public Tensor Add(IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        using var scope = NewDisposeScope();
        var loss = task is IWholeBatchTask whole && parts.Count * collective.Size > 1 ? AddWhole(whole, parts, seed) : AddParts(parts, seed);
        return loss.MoveToOuterDisposeScope();
    }

    private Tensor AddParts(IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        var total = zeros([], device: task.Device);
        foreach (var (micro, part) in parts.Index())
        {
            using var scope = NewDisposeScope();
            using (part)
            {
                manual_seed(seed(micro));
                var loss = Forward(() => task.Loss(part)).Over(parts.Count);
                loss.backward();
                total.Increase(loss.detach());
            }
        }
        return total;
    }

    // The chain rule in three passes. The first computes the features of all micro-batches without a graph, the second the loss and its gradient with respect to
    // the features. The third computes each micro-batch again with a graph and carries that gradient on to the weights. Only one graph exists at a time.
    private Tensor AddWhole(IWholeBatchTask whole, IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        var features = WithoutGraph(whole, parts, seed);
        var size = features[0].shape[0];
        Tensor[] all = [.. features.Select(feature => Gather(feature).requires_grad_())];
        var loss = Forward(() => whole.Loss(all));
        loss.backward();
        // The mean over the processes divides by their number, but each of them has its own part of the sum.
        Tensor[][] gradients = [.. all.Select(feature => feature.grad!.narrow(0, collective.Rank * size, size).Times((double)collective.Size).chunk(parts.Count))];
        foreach (var (micro, part) in parts.Index())
        {
            using var scope = NewDisposeScope();
            using (part)
            {
                manual_seed(seed(micro));
                autograd.backward([.. Forward(() => whole.Features(part))], [.. gradients.Select(chunks => chunks[micro])]);
            }
        }
        return loss.detach();
    }

    private Tensor[] WithoutGraph(IWholeBatchTask whole, IReadOnlyList<TokenBatch> parts, Func<int, long> seed)
    {
        using var noGrad = no_grad();
        var features = parts.Select((part, micro) =>
        {
            manual_seed(seed(micro));
            return Forward(() => whole.Features(part));
        }).ToList();
        return [.. Enumerable.Range(0, features[0].Count).Select(i => cat([.. features.Select(part => part[i])]))];
    }

    // Each process fills its own rows, so the mean of all, times their number, has everyone's rows.
    private Tensor Gather(Tensor feature)
    {
        if (collective.Size == 1)
            return feature;
        using var noGrad = no_grad();
        var rows = feature.shape[0];
        var all = feature.new_zeros([collective.Size * rows, .. feature.shape[1..]]);
        all.narrow(0, collective.Rank * rows, rows).copy_(feature);
        collective.Average(all.view(-1));
        return all.Scale(collective.Size);
    }

    private T Forward<T>(Func<T> compute)
    {
        if (precision == Precision.F32)
            return compute();
        using (Autocast.Enter(task.Device, ScalarType.BFloat16))
            return compute();
    }
}
