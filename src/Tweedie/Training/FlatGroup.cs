using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Tweedie.Training;

/// <summary>Parameters of one decay group as views of one flat buffer; see <see cref="FlatParameters"/>.</summary>
internal sealed class FlatGroup : IDisposable
{
    private readonly List<(string Name, long[] Shape)> _layout;

    internal FlatGroup(bool decay, IReadOnlyList<(string Name, Parameter Parameter)> parameters, bool gradients)
    {
        Decay = decay;
        _layout = [.. parameters.Select(pair => (pair.Name, pair.Parameter.shape))];
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Values = cat([.. parameters.Select(pair => pair.Parameter.detach().flatten())]).DetachFromDisposeScope();
        Gradients = gradients ? zeros_like(Values).DetachFromDisposeScope() : null;
        var values = Views(Values).ToList();
        var gradientViews = Gradients is null ? null : Views(Gradients).ToList();
        for (var i = 0; i < parameters.Count; i++)
        {
            parameters[i].Parameter.set_(values[i].Value);
            if (gradientViews is not null)
                parameters[i].Parameter.grad = gradientViews[i].Value;
        }
    }

    /// <summary>Whether weight decay applies.</summary>
    public bool Decay { get; }

    /// <summary>All values, 1-D.</summary>
    public Tensor Values { get; }

    /// <summary>All gradients, 1-D, or null where none were asked for.</summary>
    public Tensor? Gradients { get; }

    /// <summary>Views of a buffer laid out like this group, by parameter name; the caller's scope owns them.</summary>
    public IEnumerable<KeyValuePair<string, Tensor>> Views(Tensor flat)
    {
        var offset = 0L;
        foreach (var (name, shape) in _layout)
        {
            var length = shape.Aggregate(1L, (product, size) => product * size);
            yield return new(name, flat.narrow(0, offset, length).view(shape));
            offset += length;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Values.Dispose();
        Gradients?.Dispose();
    }
}
