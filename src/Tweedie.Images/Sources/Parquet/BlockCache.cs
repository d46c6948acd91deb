namespace Tweedie.Images;

/// <summary>Keeps the blocks that were used last. May be used from several threads at once: one loads a block, the others wait for it.</summary>
/// <param name="capacity">The number of blocks that are kept.</param>
/// <param name="load">Loads a block.</param>
internal sealed class BlockCache<T>(int capacity, Func<int, T> load)
{
    private readonly Lock _lock = new();
    private readonly List<(int Number, Lazy<T> Block)> _blocks = []; // the newest last

    public T Get(int number)
    {
        Lazy<T> block;
        lock (_lock)
        {
            var position = _blocks.FindIndex(entry => entry.Number == number);
            block = position >= 0 ? _blocks[position].Block : new Lazy<T>(() => load(number));
            if (position >= 0)
                _blocks.RemoveAt(position);
            else if (_blocks.Count == capacity)
                _blocks.RemoveAt(0);
            _blocks.Add((number, block));
        }

        return block.Value;
    }
}
