using ParquetSharp;

namespace Tweedie.Images;

/// <summary>Reads one column of a row group, plain or a field of a struct; a value is null where it or anything around it is.</summary>
internal static class ParquetColumn
{
    /// <summary>Calls <paramref name="visit"/> for each row in order.</summary>
    /// <param name="reader">The column's reader.</param>
    /// <param name="rows">Rows of the group.</param>
    /// <param name="visit">Takes a row's number and its value, which is valid during the call; null where there is none.</param>
    /// <exception cref="InvalidDataException">The column is a list, or ends early.</exception>
    public static void Read<T>(ColumnReader<T> reader, int rows, Action<int, T?> visit)
        where T : unmanaged
    {
        var column = reader.ColumnDescriptor;
        if (column.MaxRepetitionLevel > 0)
            throw new InvalidDataException($"{column.Name} is a list, not one value per row");
        var present = column.MaxDefinitionLevel;
        var (values, levels) = (new T[rows], new short[rows]);
        for (var row = 0; row < rows;)
        {
            var count = (int)reader.ReadBatch(rows - row, levels, [], values, out _);
            if (count == 0)
                throw new InvalidDataException($"{column.Name} ends after {row} of {rows} rows");
            for (var (i, value) = (0, 0); i < count; i++, row++)
                visit(row, present == 0 || levels[i] == present ? values[value++] : null);
        }
    }
}
