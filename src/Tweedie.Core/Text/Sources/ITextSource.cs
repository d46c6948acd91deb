namespace Tweedie.Text;

/// <summary>Text that is read piece by piece, in an order that is always the same, so that it need not fit into memory. It consists of documents.</summary>
public interface ITextSource
{
    /// <summary>What the user calls the text, for messages.</summary>
    string Name { get; }

    /// <summary>
    /// What is the same as long as the text is the same, such as the files' paths, lengths and times of writing and how they are read; null where there is nothing
    /// of the kind, so that nothing about the text can be kept for later.
    /// </summary>
    string? Stamp { get; }

    /// <summary>What is left out, or read in a way that the user should know of, one sentence each.</summary>
    IReadOnlyList<string> Warnings => [];

    /// <summary>Reads the text from its beginning.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">The text cannot be read; the message names the file and the place.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    IEnumerable<TextChunk> Read(CancellationToken cancellation = default);
}
