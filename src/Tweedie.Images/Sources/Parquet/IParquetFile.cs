using System.Diagnostics.CodeAnalysis;

namespace Tweedie.Images;

/// <summary>What opens Parquet files. The package Tweedie.Parquet has it.</summary>
public interface IParquetFiles
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidDataException">The file is no Parquet file. This and the errors of the file system come from each member of an open file too.</exception>
    IParquetFile Open(string path);
}

/// <summary>A Parquet file that is open for reading: rows in groups, and columns in which any value may be missing.</summary>
public interface IParquetFile : IDisposable
{
    /// <summary>The columns that hold values; those of a struct are columns of their own.</summary>
    IReadOnlyList<ParquetField> Fields { get; }

    /// <summary>What the writer noted of the file.</summary>
    IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The number of row groups.</summary>
    int Groups { get; }

    /// <summary>The number of rows that a group claims to have.</summary>
    long Rows(int group);

    /// <summary>The size that a column of a group claims to have without compression, bytes.</summary>
    long UncompressedBytes(int group, int field);

    /// <summary>The values of a column of bytes or text, one per row; null where there is none. The memory of a value is valid until the next is taken.</summary>
    IEnumerable<ReadOnlyMemory<byte>?> Bytes(int group, int field);

    /// <summary>The values of a column of whole numbers, one per row; null where there is none.</summary>
    IEnumerable<long?> WholeNumbers(int group, int field);

    /// <summary>The values of a column of numbers in double precision, one per row; null where there is none.</summary>
    IEnumerable<double?> Numbers(int group, int field);
}

/// <summary>A column of a Parquet file.</summary>
/// <param name="Name">Its name, with those of the structs around it before it and dots between.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsList">Whether a row has a list of values.</param>
public sealed record ParquetField(string Name, ParquetKind Kind, bool IsList);

/// <summary>What a column of a Parquet file holds.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "The types are called so.")]
public enum ParquetKind
{
    /// <summary>Something else.</summary>
    Other,
    /// <summary>Bytes that are marked as text.</summary>
    Text,
    /// <summary>Bytes.</summary>
    Bytes,
    /// <summary>Whole numbers of 32 bits.</summary>
    Int32,
    /// <summary>Whole numbers of 64 bits.</summary>
    Int64,
    /// <summary>Numbers in double precision.</summary>
    Double,
}
