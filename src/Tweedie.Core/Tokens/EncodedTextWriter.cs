using System.Runtime.InteropServices;
using Tweedie.Text;

namespace Tweedie.Tokens;

/// <summary>Encodes a text into a file of ids, in one pass.</summary>
internal static class EncodedTextWriter
{
    private const int BufferLength = 1 << 16;

    // How often progress is reported and cancellation is looked at, in pieces.
    private const int Interval = 256;

    public static void Write(Stream stream, ITextSource source, ITokenizer tokenizer, IProgress<long>? progress, CancellationToken cancellation)
    {
        var output = new BufferedStream(stream, BufferLength); // not disposed of, because that would close the file
        var width = EncodedTextFooter.Width(tokenizer.VocabularySize);
        var (tokens, characters, documents, empty, unknown) = (0L, 0L, 0L, 0L, 0L);
        var (inDocument, pieces, narrow) = (false, 0, Array.Empty<ushort>());
        foreach (var piece in TextPieces.Split(source, cancellation))
        {
            var ids = Encode(tokenizer, piece);
            if (ids.Length > 0 && !inDocument)
            {
                if (documents++ > 0)
                    Append([tokenizer.Special.End]);
                inDocument = true;
            }
            Append(ids);
            characters += CodePoints.Count(piece.Text);
            if (tokenizer.Special.Unknown is { } id)
                unknown += ids.AsSpan().Count(id);
            if (piece.EndsDocument)
            {
                empty += inDocument ? 0 : 1;
                inDocument = false;
            }
            if (++pieces % Interval != 0)
                continue;
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(characters);
        }
        if (tokens == 0)
            throw new TweedieException($"{source.Name}: has no text; give one that is not empty.");
        progress?.Report(characters);
        new EncodedTextFooter(tokens, characters, documents, empty, unknown).Write(output);
        output.Flush();

        void Append(ReadOnlySpan<int> ids)
        {
            tokens += ids.Length;
            if (width == sizeof(int))
            {
                output.Write(MemoryMarshal.AsBytes(ids));
                return;
            }
            if (narrow.Length < ids.Length)
                narrow = new ushort[ids.Length];
            for (var i = 0; i < ids.Length; i++)
                narrow[i] = (ushort)ids[i];
            output.Write(MemoryMarshal.AsBytes(narrow.AsSpan(0, ids.Length)));
        }
    }

    private static int[] Encode(ITokenizer tokenizer, TextPiece piece)
    {
        try
        {
            return tokenizer.Encode(piece.Text);
        }
        catch (TweedieException error)
        {
            throw error.At(FormattableString.Invariant($"{piece.Origin}, line {piece.FirstLine}"));
        }
    }
}
