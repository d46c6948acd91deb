using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using Tweedie.Tokens;

namespace Tweedie.Training;

/// <summary>The rows of tokens of a training.</summary>
public sealed record TokenDataOptions
{
    /// <summary>A CSV file, JSON lines, a folder or a pattern of such files, or generated rows such as <c>sudoku:size=6,count=20000</c> (<see cref="TokenTables.Open"/>).</summary>
    [Required, DataPath]
    public string Train { get; init; } = "";

    /// <summary>
    /// The rows that are held out. By default, those of the validation part of generated data, else none.
    /// </summary>
    [DataPath]
    public string? Held { get; init; }

    /// <summary>The most held-out rows that an evaluation measures, spread evenly over them.</summary>
    [Range(1, 10_000_000)]
    public int HoldoutRows { get; init; } = 1000;

    /// <summary>The columns that are read, in this order; by default all.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>The column of problems (<see cref="TokenTableOptions.Problem"/>).</summary>
    public string? Problem { get; init; }

    /// <summary>The column of solutions (<see cref="TokenTableOptions.Solution"/>).</summary>
    public string? Solution { get; init; }

    /// <summary>What stands for an unknown token (<see cref="TokenTableOptions.Unknown"/>).</summary>
    public string? Unknown { get; init; }

    /// <summary>Whether all columns share one vocabulary.</summary>
    public bool SharedVocabulary { get; init; }

    /// <summary>Opens the training rows and the held-out ones, if there are any.</summary>
    /// <exception cref="TweedieException">A table cannot be opened, or the two do not fit each other.</exception>
    internal (ITokenTable Train, ITokenTable? Held) Open(CancellationToken cancellation)
    {
        var options = new TokenTableOptions { Columns = Columns, Problem = Problem, Solution = Solution, Unknown = Unknown, SharedVocabulary = SharedVocabulary };
        var train = TokenTables.Open(Train, DataSplit.Train, options, cancellation);
        var held = Held ?? (TokenTables.IsGenerated(Train) ? Train : null);
        return (train, held is null ? null : TokenTables.Open(held, TextSources.SplitOf(held, DataSplit.Validation), options with { Vocabulary = train.Columns }, cancellation));
    }
}
