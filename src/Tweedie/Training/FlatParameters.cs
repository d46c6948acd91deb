using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>
/// A module's parameters laid out as views of one flat buffer per decay group, so that the optimiser, clipping and the moving average take only a few
/// kernels, however many parameters there are. The module works as before.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly List<FlatGroup> _groups;

    /// <summary>Moves the parameters of a module, already on its device, into flat buffers; frozen ones stay as they are.</summary>
    /// <param name="module">The module; its parameters keep their values, names and shapes.</param>
    /// <param name="gradients">Whether to lay out gradients as well.</param>
    public FlatParameters(nn.Module module, bool gradients = true)
    {
        var named = module.named_parameters().Where(pair => pair.parameter.requires_grad).Select(pair => (pair.name, pair.parameter)).ToList();
        _groups = [.. named.GroupBy(pair => pair.parameter.dim() is 2 or 4)
            .OrderByDescending(group => group.Key)
            .Select(group => new FlatGroup(group.Key, [.. group], gradients))];
    }

    /// <summary>
    /// The groups: matrices and convolutions (with weight decay) first, then biases, norms, class tokens and positions (without).
    /// </summary>
    public IReadOnlyList<FlatGroup> Groups => _groups;

    /// <summary>Number of parameters.</summary>
    public long Count => _groups.Sum(group => group.Values.numel());

    /// <summary>Sets all gradients to zero, keeping their buffers.</summary>
    public void ZeroGradients()
    {
        using var scope = NewDisposeScope();
        foreach (var group in _groups)
            group.Gradients!.zero_();
    }

    /// <summary>Scales the gradients so that their global L2 norm is at most <paramref name="maximum"/>; 0 scales nothing.</summary>
    /// <returns>The norm before scaling.</returns>
    public double ClipGradients(double maximum)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var norm = stack([.. _groups.Select(group => group.Gradients!.norm())]).norm().item<float>();
        if (maximum > 0 && norm > maximum)
            foreach (var group in _groups)
                group.Gradients!.Scale(maximum / (norm + 1e-6));
        return norm;
    }

    /// <summary>Whether every value is finite.</summary>
    public bool AreFinite()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return _groups.All(group => group.Values.isfinite().all().item<bool>());
    }

    /// <inheritdoc/>
    public void Dispose() => _groups.ForEach(group => group.Dispose());
}
