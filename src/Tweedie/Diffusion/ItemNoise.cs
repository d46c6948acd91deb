using System.Runtime.InteropServices;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>
/// The random numbers of sampling as tensors (<see cref="ItemStreams"/>): the numbers of an item depend neither on its batch nor on the draws of other items.
/// </summary>
/// <param name="seeds">The seed of each item, B of them.</param>
/// <param name="device">Where the tensors are.</param>
public sealed class ItemNoise(IReadOnlyList<long> seeds, Device device) : INoiseSource
{
    private readonly ItemStreams _streams = new(seeds);
    private int _step = -1;

    /// <inheritdoc/>
    public Device Device => device;

    /// <summary>The seeds of items: a function of the sampling's seed, the item and the draw.</summary>
    /// <param name="seed">The sampling's seed.</param>
    /// <param name="items">What tells the items apart, such as their index in a data set.</param>
    /// <param name="draws">Trajectories of each item, side by side.</param>
    /// <param name="firstDraw">The number of the first draw.</param>
    public static IReadOnlyList<long> Seeds(long seed, IReadOnlyList<int> items, int draws = 1, int firstDraw = 0) =>
        ItemStreams.Seeds(seed, items, draws, firstDraw);

    /// <inheritdoc/>
    public INoiseSource ForStep(int index) => new ItemNoise(seeds, device) { _step = index };

    /// <inheritdoc/>
    public Tensor Normal(NoisePurpose purpose, long items, long tokens, long dimensions) =>
        Filled<float>(float32, purpose, items, tokens, dimensions, (stream, numbers) => stream.FillNormal(numbers));

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, long items, long tokens, long dimensions) =>
        Filled<double>(float64, purpose, items, tokens, dimensions, (stream, numbers) => stream.FillUniform(numbers));

    /// <inheritdoc/>
    public Tensor Uniform(NoisePurpose purpose, Tensor picked, long dimensions)
    {
        using var scope = NewDisposeScope();
        var tokens = picked.shape[1];
        var places = picked.cpu().data<bool>().ToArray().Index().Where(place => place.Item).Select(place => place.Index).ToList();
        var numbers = empty([1, places.Count, dimensions], float64, CPU);
        for (var i = 0; i < places.Count; i++)
        {
            var (item, token) = Math.DivRem(places[i], (int)tokens);
            Stream(item, purpose).FillUniform(Span<double>(numbers, i, (int)dimensions, dimension: 1), token * dimensions);
        }
        return numbers.to(device).MoveToOuterDisposeScope();
    }

    // Each item's numbers come from its own stream.
    private Tensor Filled<T>(ScalarType type, NoisePurpose purpose, long items, long tokens, long dimensions, Action<CounterNoise, Span<T>> fill) where T : unmanaged
    {
        using var scope = NewDisposeScope();
        var numbers = empty([items, tokens, dimensions], type, CPU);
        var length = (int)(tokens * dimensions);
        for (var item = 0; item < items; item++)
            fill(Stream(item, purpose), Span<T>(numbers, item, length));
        return numbers.to(device).MoveToOuterDisposeScope();
    }

    private CounterNoise Stream(int item, NoisePurpose purpose) => _streams.Of(item, _step, purpose);

    // The memory of one row of a contiguous tensor on the CPU. A span cannot address all of a large tensor.
    private static Span<T> Span<T>(Tensor numbers, long row, int length, int dimension = 0) where T : unmanaged
    {
        using var part = numbers.narrow(dimension, row, 1);
        return MemoryMarshal.Cast<byte, T>(part.bytes)[..length];
    }
}
