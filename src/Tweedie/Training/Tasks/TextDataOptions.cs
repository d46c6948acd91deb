using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;
using Tweedie.Images;
using Tweedie.Text;

namespace Tweedie.Training;

/// <summary>The texts of a training.</summary>
public sealed record TextDataOptions
{
    /// <summary>A text file, JSON lines, a Parquet file, a folder or a pattern of such files (<see cref="TextSources.Open"/>).</summary>
    [Required, DataPath]
    public string Train { get; init; } = "";

    /// <summary>The text that is held out; by default it is the end of <see cref="Train"/>.</summary>
    [DataPath]
    public string? Held { get; init; }

    /// <summary>The share at the end of <see cref="Train"/> that is held out, where no other text is; 0 holds nothing out.</summary>
    [Range(0.0, 0.9)]
    public double Holdout { get; init; } = 0.1;

    /// <summary>The most held-out windows that an evaluation measures, spread evenly over the held-out text.</summary>
    [Range(1, 10_000_000)]
    public int HoldoutWindows { get; init; } = 1000;

    /// <summary>Windows per epoch, drawn anywhere in the text; by default as many as fit into it side by side.</summary>
    [Range(1, int.MaxValue)]
    public int? Windows { get; init; }

    /// <summary>The encoding of text files (<see cref="TextSourceOptions.Encoding"/>).</summary>
    public string Encoding { get; init; } = new TextSourceOptions().Encoding;

    /// <summary>The field of JSON lines, or the column of Parquet files, that holds the text; by default it is found by its name.</summary>
    public string? Field { get; init; }

    /// <summary>The folder where encoded texts are kept; by default <c>tweedie/tokens</c> in the user's cache folder.</summary>
    [ConfigPath]
    public string? Cache { get; init; }

    /// <summary>Opens the training text and the held-out one, if there is one.</summary>
    /// <exception cref="TweedieException">A text cannot be opened, or is too short for its parts.</exception>
    internal (ITextSource Train, ITextSource? Held) Open(CancellationToken cancellation)
    {
        var options = new TextSourceOptions { Encoding = Encoding, Field = Field };
        var train = TextSources.Open(Train, DataSplit.Train, options, cancellation);
        if (Held is { } held)
            return (train, TextSources.Open(held, TextSources.SplitOf(held, DataSplit.Validation), options, cancellation));
        if (Holdout == 0)
            return (train, null);
        return TextHoldout.Split(train, Holdout, cancellation);
    }
}
