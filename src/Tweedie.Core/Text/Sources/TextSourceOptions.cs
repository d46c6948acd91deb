namespace Tweedie.Text;

/// <summary>How texts are read from files.</summary>
public sealed record TextSourceOptions
{
    /// <summary>
    /// The encoding of text files: utf-8, utf-16, utf-16BE, utf-32, us-ascii, latin1, windows-1252 or another name that .NET knows. A byte-order mark at the
    /// beginning of a file takes precedence. JSON lines are always UTF-8.
    /// </summary>
    public string Encoding { get; init; } = "utf-8";

    /// <summary>The field of JSON lines, or the column of Parquet files, that holds the text; by default it is found by its name, such as text or content.</summary>
    public string? Field { get; init; }
}
