using System.Buffers.Binary;
using System.Text;

namespace Tweedie.Platform;

/// <summary>
/// Lets a shared library that was linked with GCC 13 load on a host with an older libstdc++ (Debian 12, Ubuntu 22.04).
/// </summary>
/// <remarks>
/// Such a library asks for the version GLIBCXX_3.4.32 for the sake of one symbol, a marker which makes the linker pull in the
/// initialization of the standard streams. The host's libstdc++ does that initialization anyway. So the version need is turned into
/// GLIBCXX_3.4, which every libstdc++ has, and the marker's name into a function of that version with no arguments and no effect.
/// </remarks>
internal static class GlibcxxPatch
{
    internal const string Version = "GLIBCXX_3.4.32";
    internal const string BaseVersion = "GLIBCXX_3.4";
    internal const string Marker = "_ZSt21ios_base_library_initv";
    internal const string Replacement = "_ZNSt6locale7classicEv"; // std::locale::classic()

    /// <summary>Patches the bytes of an ELF file in place. Returns false and changes nothing where there is nothing to patch.</summary>
    public static bool TryApply(Span<byte> file)
    {
        if (!ElfDynamicSection.TryRead(file, out var elf))
            return false;

        var strings = file.Slice(elf.StringsOffset, elf.StringsSize);
        var marker = strings.IndexOf(Encoding.ASCII.GetBytes($"\0{Marker}\0"));
        var needed = FindVersion(file, elf, Version);
        var available = FindVersion(file, elf, BaseVersion);
        if (marker < 0 || needed < 0 || available < 0)
            return false;

        // Elf64_Vernaux: hash (4), flags (2), index (2), name (4), next (4); the index ties symbols to the entry and stays.
        file.Slice(available, 4).CopyTo(file[needed..]);
        file.Slice(available + 8, 4).CopyTo(file[(needed + 8)..]);

        var name = strings.Slice(marker + 1, Marker.Length);
        name.Clear();
        Encoding.ASCII.GetBytes(Replacement, name);
        return true;
    }

    /// <summary>The offset of the Elf64_Vernaux entry of a version, or -1.</summary>
    private static int FindVersion(ReadOnlySpan<byte> file, ElfDynamicSection elf, string version)
    {
        var wanted = Encoding.ASCII.GetBytes(version + '\0');
        var library = elf.VersionNeedsOffset;
        for (var i = 0; i < elf.VersionNeedsCount; i++)
        {
            // Elf64_Verneed: version (2), count (2), file (4), first entry (4), next library (4); distances are relative.
            var count = BinaryPrimitives.ReadUInt16LittleEndian(file[(library + 2)..]);
            var entry = library + BinaryPrimitives.ReadInt32LittleEndian(file[(library + 8)..]);
            for (var j = 0; j < count; j++)
            {
                var name = BinaryPrimitives.ReadInt32LittleEndian(file[(entry + 8)..]);
                if (file[(elf.StringsOffset + name)..].StartsWith(wanted))
                    return entry;
                entry += BinaryPrimitives.ReadInt32LittleEndian(file[(entry + 12)..]);
            }
            library += BinaryPrimitives.ReadInt32LittleEndian(file[(library + 12)..]);
        }
        return -1;
    }
}
