namespace Tweedie.Tokens;

/// <summary>How a table of tokens is read.</summary>
public sealed record TokenTableOptions
{
    /// <summary>The columns that are read, in this order; by default all. They are not read as problems and solutions.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>
    /// The column of problems: each cell is a whole row, a text with one character per token or, in JSON lines, a list. By default it is found by its
    /// name, such as quizzes, puzzle or problem, where there is a column of solutions too.
    /// </summary>
    public string? Problem { get; init; }

    /// <summary>The column of solutions, of the same form; by default it is found by its name, such as solutions or solution.</summary>
    public string? Solution { get; init; }

    /// <summary>
    /// What stands for an unknown token. By default an empty cell does, or null in JSON lines; in problems, any of <c>0 . _ - ? *</c> and a space where it is no
    /// token of the solutions.
    /// </summary>
    public string? Unknown { get; init; }

    /// <summary>Whether all columns share one vocabulary. Problems and solutions always do.</summary>
    public bool SharedVocabulary { get; init; }

    /// <summary>The columns and vocabularies of a model, which the table must fit; null to take those of the table.</summary>
    public TokenColumns? Vocabulary { get; init; }

    /// <summary>
    /// A column that is kept as text beside the tokens, such as the file of an image (<see cref="TokenTable.Aside"/>): the first of these names that there is. Null
    /// keeps none.
    /// </summary>
    public IReadOnlyList<string>? Aside { get; init; }

    /// <summary>The encoding of CSV files; see <see cref="Text.TextSourceOptions.Encoding"/>.</summary>
    public string Encoding { get; init; } = "utf-8";
}
