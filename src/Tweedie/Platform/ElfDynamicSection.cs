using System.Buffers.Binary;

namespace Tweedie.Platform;

/// <summary>Where the tables that the dynamic loader reads lie in a 64-bit little-endian ELF file, as offsets into the file.</summary>
/// <remarks>Layouts: System V ABI, "Object Files" and "Dynamic Linking"; version tables: the Linux Standard Base.</remarks>
internal readonly record struct ElfDynamicSection(int StringsOffset, int StringsSize, int VersionNeedsOffset, int VersionNeedsCount)
{
    private const int HeaderSize = 64, ProgramHeaderSize = 56, DynamicEntrySize = 16;
    private const uint SegmentLoad = 1, SegmentDynamic = 2;
    private const ulong TagStrings = 5, TagStringsSize = 10, TagVersionNeeds = 0x6ffffffe, TagVersionNeedsCount = 0x6fffffff;

    /// <summary>Reads the tables' places; false where the file is no such ELF file or asks for no symbol versions.</summary>
    public static bool TryRead(ReadOnlySpan<byte> file, out ElfDynamicSection section)
    {
        section = default;
        ReadOnlySpan<byte> magic = [0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]; // 64-bit, little-endian
        if (file.Length < HeaderSize || !file.StartsWith(magic) || FindSegment(file, SegmentDynamic) is not { } dynamic)
            return false;

        ulong strings = 0, size = 0, needs = 0, count = 0;
        for (var entry = file.Slice(dynamic.Offset, dynamic.Size); entry.Length >= DynamicEntrySize; entry = entry[DynamicEntrySize..])
        {
            var value = BinaryPrimitives.ReadUInt64LittleEndian(entry[8..]);
            switch (BinaryPrimitives.ReadUInt64LittleEndian(entry))
            {
                case TagStrings: strings = value; break;
                case TagStringsSize: size = value; break;
                case TagVersionNeeds: needs = value; break;
                case TagVersionNeedsCount: count = value; break;
            }
        }
        if (strings == 0 || needs == 0)
            return false;
        section = new((int)ToOffset(file, strings), (int)size, (int)ToOffset(file, needs), (int)count);
        return true;
    }

    private static Segment? FindSegment(ReadOnlySpan<byte> file, uint type)
    {
        for (var i = 0; i < SegmentCount(file); i++)
            if (ReadSegment(file, i) is var segment && segment.Type == type)
                return segment;
        return null;
    }

    /// <summary>Tables are named by their address in memory; the loadable segment around it says where that is in the file.</summary>
    private static ulong ToOffset(ReadOnlySpan<byte> file, ulong address)
    {
        for (var i = 0; i < SegmentCount(file); i++)
        {
            var segment = ReadSegment(file, i);
            if (segment.Type == SegmentLoad && address >= segment.Address && address < segment.Address + (ulong)segment.Size)
                return address - segment.Address + (ulong)segment.Offset;
        }
        throw new BadImageFormatException("An ELF table lies outside of every segment.");
    }

    private static int SegmentCount(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt16LittleEndian(file[56..]);

    private static Segment ReadSegment(ReadOnlySpan<byte> file, int index)
    {
        var table = (int)BinaryPrimitives.ReadUInt64LittleEndian(file[32..]);
        var header = file.Slice(table + index * ProgramHeaderSize, ProgramHeaderSize);
        return new(
            BinaryPrimitives.ReadUInt32LittleEndian(header),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
            (int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..]));
    }

    private readonly record struct Segment(uint Type, int Offset, ulong Address, int Size);
}
