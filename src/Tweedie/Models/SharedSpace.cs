using Tweedie.Diffusion;
using static TorchSharp.torch;

namespace Tweedie.Models;

/// <summary>
/// A model's token space, shared by all its samplings: factoring WWᵀ takes as long as a few steps of a large vocabulary. It is made anew where the
/// weights have changed; a space that is in use lives until its last user releases it. Thread-safe.
/// </summary>
/// <param name="create">Makes the space of the weights as they are now.</param>
internal sealed class SharedSpace(Func<ITokenSpace> create) : IDisposable
{
    private readonly Lock _lock = new();
    private Entry? _current;

    /// <summary>Borrows the space; dispose of the lease to release it.</summary>
    /// <param name="weight">W as it is now, shape (d, K).</param>
    public Lease Borrow(Tensor weight)
    {
        lock (_lock)
        {
            if (_current is null || !_current.Space.Fits(weight))
            {
                Release(_current);
                _current = new Entry(Create());
            }
            _current.Users++;
            return new Lease(this, _current);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            Release(_current);
            _current = null;
        }
    }

    private ITokenSpace Create()
    {
        using var noGrad = no_grad();
        return create();
    }

    private void GiveBack(Entry entry)
    {
        lock (_lock)
            Release(entry);
    }

    // The cache itself counts as a user.
    private static void Release(Entry? entry)
    {
        if (entry is not null && --entry.Users == 0)
            entry.Space.Dispose();
    }

    internal sealed class Entry(ITokenSpace space)
    {
        public ITokenSpace Space => space;

        public int Users { get; set; } = 1;
    }

    internal sealed class Lease(SharedSpace owner, Entry entry) : IDisposable
    {
        public ITokenSpace Space => entry.Space;

        public void Dispose() => owner.GiveBack(entry);
    }
}
