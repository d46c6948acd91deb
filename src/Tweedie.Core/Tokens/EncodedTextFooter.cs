using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Tweedie.Tokens;

/// <summary>The end of a file of ids, by which a file of an older program or another machine is told apart. The file is: ids of two or four bytes, then this.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct EncodedTextFooter(long Tokens, long Characters, long Documents, long EmptyDocuments, long UnknownTokens)
{
    // A number of this layout and of how texts are cut into pieces; on a machine of the other byte order it reads differently.
    private const long Version = 0x5457_544F_4B00_0001;

    private readonly long _version = Version;

    /// <summary>The bytes of an id.</summary>
    public static int Width(int vocabularySize) => vocabularySize <= ushort.MaxValue + 1 ? sizeof(ushort) : sizeof(int);

    /// <summary>The footer of a file; null where the file is another one or is incomplete.</summary>
    public static EncodedTextFooter? Read(SafeFileHandle file, int vocabularySize)
    {
        Span<EncodedTextFooter> footer = stackalloc EncodedTextFooter[1];
        var bytes = MemoryMarshal.AsBytes(footer);
        var start = RandomAccess.GetLength(file) - bytes.Length;
        return start >= 0 && RandomAccess.Read(file, bytes, start) == bytes.Length && footer[0]._version == Version && footer[0].Tokens * Width(vocabularySize) == start
            ? footer[0] : null;
    }

    /// <summary>Writes the footer.</summary>
    public void Write(Stream stream) => stream.Write(MemoryMarshal.AsBytes<EncodedTextFooter>([this]));
}
