using System.Text.Json;

namespace Tweedie.Images;

/// <summary>Opens Parquet files through the package that can, and says what is wrong with a file in one line.</summary>
internal static class ParquetReading
{
    // By a name that a trimmer understands, so that a program needs no more than a reference to the package.
    private static readonly Lazy<IParquetFiles?> Package = new(() => Type.GetType("Tweedie.Parquet.ParquetFiles, Tweedie.Parquet") is { } type ? (IParquetFiles?)Activator.CreateInstance(type) : null);

    /// <summary>Opens a file.</summary>
    /// <exception cref="TweedieException">The file cannot be read, or the program has no package that can.</exception>
    public static IParquetFile Open(string path)
    {
        var package = Package.Value ?? throw new TweedieException($"{path}: this program cannot read Parquet files; add the package Tweedie.Parquet to it.", FaultKind.Resources);
        return Guard(path, () => package.Open(path));
    }

    /// <summary>Opens a file, reads something and closes it.</summary>
    /// <inheritdoc cref="Open(string)"/>
    public static T Read<T>(string path, Func<IParquetFile, T> read) => Guard(path, () =>
    {
        using var file = Open(path);
        return read(file);
    });

    /// <summary>Turns what goes wrong while a file is read into one line that names it.</summary>
    public static T Guard<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or InvalidOperationException)
        {
            throw new TweedieException($"'{path}' cannot be read as Parquet: {ForeignContent.Describe(path) ?? OneLine.Of(error.Message)}", error);
        }
        catch (Exception error) when (error.IsFileError())
        {
            throw FileErrors.CannotRead(path, error);
        }
    }
}
