namespace Tweedie.Images;

/// <summary>The image files of one row group, in one piece of memory.</summary>
/// <param name="bytes">The files, one after the other.</param>
/// <param name="ends">Where each row's file ends; a row without one ends where it begins.</param>
internal sealed class ParquetImages(byte[] bytes, int[] ends)
{
    /// <summary>The file of a row; empty where it is null.</summary>
    public ReadOnlySpan<byte> this[int row] => bytes.AsSpan((row == 0 ? 0 : ends[row - 1])..ends[row]);
}
