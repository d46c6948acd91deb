using Tweedie.Configuration;

namespace Tweedie.Images;

/// <summary>The bytes of a stream, read piece by piece up to a limit.</summary>
internal sealed class BoundedBytes
{
    private const int FirstPiece = 64 << 10;

    private readonly int _maximum;
    private byte[] _bytes;
    private int _length;

    /// <summary>Prepares the reading; nothing is read yet.</summary>
    /// <exception cref="TweedieException">An option is out of range, or the stream says that it is too long.</exception>
    public BoundedBytes(Stream stream, string? name, ImageDecoderOptions options)
    {
        OptionsValidator.ValidateMembers(options, "image");
        (Name, _maximum) = (name ?? (stream as FileStream)?.Name ?? "the stream", options.MaximumBytes);
        var left = stream.CanSeek ? Math.Max(0, stream.Length - stream.Position) : FirstPiece;
        if (stream.CanSeek && left > _maximum)
            throw TooLong();
        _bytes = new byte[Math.Min(left, _maximum) + 1]; // room for one more byte shows whether the stream goes on
    }

    /// <summary>What to call the image in messages.</summary>
    public string Name { get; }

    /// <summary>What was read.</summary>
    public ReadOnlySpan<byte> All => _bytes.AsSpan(0, _length);

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room()
    {
        if (_length == _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Min(2L * _bytes.Length, _maximum + 1L));
        return _bytes.AsMemory(_length);
    }

    /// <summary>Counts bytes that were read; false at the stream's end.</summary>
    /// <exception cref="TweedieException">The stream is longer than the limit.</exception>
    public bool Add(int count)
    {
        _length += count;
        return _length > _maximum ? throw TooLong() : count > 0;
    }

    /// <summary>Reads, with the reader's errors in the user's words.</summary>
    /// <exception cref="TweedieException">The stream cannot be read.</exception>
    public int Try(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (IOException error)
        {
            throw Unreadable(error);
        }
    }

    /// <inheritdoc cref="Try"/>
    public async Task<int> TryAsync(Func<ValueTask<int>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (IOException error)
        {
            throw Unreadable(error);
        }
    }

    private TweedieException Unreadable(IOException error) => new($"'{Name}' cannot be read: {error.Message}", error, FaultKind.Storage);

    private TweedieException TooLong() =>
        new($"'{Name}' has more than the {_maximum} bytes that are read; raise {nameof(ImageDecoderOptions)}.{nameof(ImageDecoderOptions.MaximumBytes)}, or shrink the image.");
}
