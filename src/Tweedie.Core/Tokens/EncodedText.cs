using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Tweedie.Storage;
using Tweedie.Text;

namespace Tweedie.Tokens;

/// <summary>
/// A text as one long row of ids, encoded once and kept in a file, of which no more than what is asked for is in memory. Documents follow each other
/// with the tokenizer's end token between them.
/// </summary>
public sealed class EncodedText : IDisposable
{
    private readonly string _path;
    private readonly SafeFileHandle _file;
    private readonly EncodedTextFooter _footer;

    private EncodedText(string name, int vocabularySize, string path, SafeFileHandle file, EncodedTextFooter footer, IReadOnlyList<string> warnings)
    {
        (Name, VocabularySize, _path, _file, _footer) = (name, vocabularySize, path, file, footer);
        Warnings = [.. warnings, .. Counted()];
    }

    /// <summary>What the user calls the text.</summary>
    public string Name { get; }

    /// <summary>The number of the tokenizer's entries.</summary>
    public int VocabularySize { get; }

    /// <summary>The number of tokens, the end tokens between documents included.</summary>
    public long Length => _footer.Tokens;

    /// <summary>The number of characters (code points) of the text. Divided by <see cref="Length"/>, it is what turns nats per token into bits per character.</summary>
    public long Characters => _footer.Characters;

    /// <summary>The number of documents that have tokens.</summary>
    public long Documents => _footer.Documents;

    /// <summary>The number of documents without tokens, which are left out.</summary>
    public long EmptyDocuments => _footer.EmptyDocuments;

    /// <summary>The number of unknown tokens.</summary>
    public long UnknownTokens => _footer.UnknownTokens;

    /// <summary>What is left out or unknown, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Encodes a text, or opens what was kept when the same text was encoded by the same vocabulary.</summary>
    /// <param name="source">The text.</param>
    /// <param name="tokenizer">Its vocabulary.</param>
    /// <param name="cache">
    /// The folder where encoded texts are kept; by default <c>tweedie/tokens</c> in the user's cache folder. A text without a stamp
    /// (<see cref="ITextSource.Stamp"/>) is encoded into a temporary file, which is deleted on disposal.
    /// </param>
    /// <param name="progress">Receives the number of characters that are encoded.</param>
    /// <param name="cancellation">Ends the encoding.</param>
    /// <exception cref="TweedieException">
    /// The text cannot be read, has no tokens, or has characters that the vocabulary lacks; or the file cannot be written.
    /// </exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static EncodedText Open(ITextSource source, ITokenizer tokenizer, string? cache = null, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tokenizer);
        var folder = source.Stamp is null ? null : cache ?? UserCache.Folder("tokens");
        var path = folder is null ? Path.GetTempFileName() : Path.Combine(folder, $"{Key(source.Stamp!, tokenizer)}.tokens");
        if (folder is not null)
        {
            Folder.Create(folder);
            if (Load(path) is { } kept)
                return kept;
        }
        try
        {
            AtomicFile.Write(path, stream => EncodedTextWriter.Write(stream, source, tokenizer, progress, cancellation));
            return Load(path) ?? throw new TweedieException($"{path}: is not as it was written; is another program changing it?", FaultKind.Storage);
        }
        catch when (folder is null)
        {
            File.Delete(path);
            throw;
        }

        EncodedText? Load(string path)
        {
            try
            {
                if (!File.Exists(path))
                    return null;
                var file = File.OpenHandle(path, options: folder is null ? FileOptions.DeleteOnClose : FileOptions.RandomAccess);
                if (EncodedTextFooter.Read(file, tokenizer.VocabularySize) is { } footer)
                    return new EncodedText(source.Name, tokenizer.VocabularySize, path, file, footer, source.Warnings);
                file.Dispose();
                return null;
            }
            catch (Exception error) when (error.IsFileError())
            {
                throw FileErrors.CannotRead(path, error);
            }
        }
    }

    /// <summary>Reads ids. Thread-safe.</summary>
    /// <param name="start">The position of the first one.</param>
    /// <param name="ids">Receives the ids.</param>
    /// <exception cref="ArgumentOutOfRangeException">The span reaches outside the text.</exception>
    /// <exception cref="TweedieException">The file cannot be read or is damaged.</exception>
    public void Read(long start, Span<long> ids)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - ids.Length);
        var width = EncodedTextFooter.Width(VocabularySize);
        var bytes = ArrayPool<byte>.Shared.Rent(ids.Length * width);
        try
        {
            var part = bytes.AsSpan(0, ids.Length * width);
            for (var done = 0; done < part.Length;)
                done += RandomAccess.Read(_file, part[done..], start * width + done) is > 0 and var count ? count : throw new EndOfStreamException("it is shorter than it was");
            for (var i = 0; i < ids.Length; i++)
            {
                ids[i] = width == sizeof(ushort) ? MemoryMarshal.Cast<byte, ushort>(part)[i] : MemoryMarshal.Cast<byte, int>(part)[i];
                if (ids[i] >= VocabularySize)
                    throw new TweedieException($"{_path}: is damaged: it has the id {ids[i]} in a vocabulary of {VocabularySize}; delete it, and the text is encoded again.", FaultKind.Storage);
            }
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(_path, error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private IEnumerable<string> Counted()
    {
        if (UnknownTokens > 0)
            yield return FormattableString.Invariant($"{Name}: {UnknownTokens} of {Length} tokens are unknown to the vocabulary of {VocabularySize} entries.");
        if (EmptyDocuments > 0)
            yield return FormattableString.Invariant($"{Name}: {EmptyDocuments} of {Documents + EmptyDocuments} documents are empty and are left out.");
    }

    private static string Key(string stamp, ITokenizer tokenizer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{tokenizer.GetType().FullName}\n{tokenizer.Special}\n{stamp}\n"));
        for (var id = 0; id < tokenizer.VocabularySize; id++)
            hash.AppendData(Encoding.UTF8.GetBytes(tokenizer.Token(id) + '\n'));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }
}
