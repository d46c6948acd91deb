using System.Buffers.Binary;
using System.Text;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class GlibcxxPatchTests
{
    [Fact]
    public void The_version_need_and_the_marker_change_and_nothing_else()
    {
        var original = ReadNativeLibrary();
        var patched = original.ToArray();

        GlibcxxPatch.TryApply(patched).Should().BeTrue();

        var name = original.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\0{GlibcxxPatch.Marker}\0")) + 1;
        patched.AsSpan(name, GlibcxxPatch.Marker.Length + 1).ToArray()
            .Should().Equal(Encoding.ASCII.GetBytes(GlibcxxPatch.Replacement.PadRight(GlibcxxPatch.Marker.Length + 1, '\0')));

        var need = original.AsSpan().IndexOf(HashBytes(GlibcxxPatch.Version));
        patched.AsSpan(need, 4).ToArray().Should().Equal(HashBytes(GlibcxxPatch.BaseVersion));
        var baseNeed = original.AsSpan().IndexOf(HashBytes(GlibcxxPatch.BaseVersion));
        patched.AsSpan(need + 8, 4).ToArray().Should().Equal(original.AsSpan(baseNeed + 8, 4).ToArray());

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i]);
        changed.Should().OnlyContain(i =>
            (i >= name && i < name + GlibcxxPatch.Marker.Length) || (i >= need && i < need + 4) || (i >= need + 8 && i < need + 12));
    }

    [Fact]
    public void A_patched_file_needs_no_patch()
    {
        var bytes = ReadNativeLibrary();
        GlibcxxPatch.TryApply(bytes).Should().BeTrue();
        var once = bytes.ToArray();

        GlibcxxPatch.TryApply(bytes).Should().BeFalse();
        bytes.AsSpan().SequenceEqual(once).Should().BeTrue();
    }

    [Fact]
    public void Files_of_other_kinds_are_left_as_they_are()
    {
        GlibcxxPatch.TryApply([]).Should().BeFalse();
        GlibcxxPatch.TryApply("MZ: no ELF file, though one that is longer than a header of 64 bytes"u8.ToArray()).Should().BeFalse();
        GlibcxxPatch.TryApply(new byte[4096]).Should().BeFalse();
    }

    /// <summary>TorchSharp's library for Linux, as shipped.</summary>
    private static byte[] ReadNativeLibrary()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the patch is for Linux");
        return File.ReadAllBytes(LibtorchFolder.FindPackaged("LibTorchSharp")!);
    }

    /// <summary>A version's name as the loader compares it: the hash function of the System V ABI.</summary>
    private static byte[] HashBytes(string name)
    {
        uint hash = 0;
        foreach (var character in name)
        {
            hash = (hash << 4) + character;
            var top = hash & 0xf0000000;
            hash = (hash ^ (top >> 24)) & ~top;
        }
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, hash);
        return bytes;
    }
}
