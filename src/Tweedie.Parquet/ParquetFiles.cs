using ParquetSharp;
using Tweedie.Images;

namespace Tweedie.Parquet;

/// <summary>Opens Parquet files with the library ParquetSharp. The sources of Tweedie.Images find this class by its name.</summary>
public sealed class ParquetFiles : IParquetFiles
{
    /// <inheritdoc/>
    public IParquetFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return OpenParquetFile.Guard(() => new OpenParquetFile(new ParquetFileReader(path)));
    }
}
