using System.Buffers.Binary;
using System.Text;

namespace Tweedie.Tests.Formats;

/// <summary>Builds safetensors files by hand, valid or not.</summary>
internal static class SafeTensorsFile
{
    public static byte[] Build(string header, int dataLength) => Build(header, new byte[dataLength]);

    public static byte[] Build(string header, byte[] data) => Build((ulong)Encoding.UTF8.GetByteCount(header), Encoding.UTF8.GetBytes(header), data);

    public static byte[] Build(ulong length, byte[] header, byte[] data)
    {
        var prefix = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(prefix, length);
        return [.. prefix, .. header, .. data];
    }
}
