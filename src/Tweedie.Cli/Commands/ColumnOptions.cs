using System.CommandLine;
using Tweedie.Images;

namespace Tweedie.Cli.Commands;

/// <summary>The options that name the columns of Parquet files.</summary>
internal sealed class ColumnOptions
{
    public Option<string?> Image { get; } = Create("--image-column", "images");

    public Option<string?> Label { get; } = Create("--label-column", "labels");

    public Option<string?> Caption { get; } = Create("--caption-column", "captions");

    /// <summary>How the data are read.</summary>
    public ImageSourceOptions Read(ParseResult parsed) =>
        new() { ImageColumn = parsed.GetValue(Image), LabelColumn = parsed.GetValue(Label), CaptionColumn = parsed.GetValue(Caption) };

    private static Option<string?> Create(string name, string content) => new(name)
    {
        Description = $"The column of Parquet files that holds the {content}; by default it is found by its usual names",
        HelpName = "NAME",
    };
}
