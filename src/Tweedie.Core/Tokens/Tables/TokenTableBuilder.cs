using System.Globalization;

namespace Tweedie.Tokens;

/// <summary>Makes rows of tokens of the rows of files.</summary>
internal sealed class TokenTableBuilder
{
    private static readonly OptionName ColumnsOption = new("Columns", "Columns"), ProblemOption = new("Problem", "Problem"),
        SolutionOption = new("Solution", "Solution"), UnknownOption = new("Unknown", "Unknown"), AsideOption = new("ImageColumn", "imageColumn");

    // In each pair, the names may be in the plural.
    private static readonly (string Problem, string Solution)[] UsualPairs =
        [("quiz", "solution"), ("quizze", "solution"), ("puzzle", "solution"), ("problem", "solution"), ("question", "answer")];

    private static readonly string[] UsualUnknown = ["0", ".", "_", "-", "?", "*", " "];

    private readonly string _path;
    private readonly TokenTableOptions _options;
    private readonly IReadOnlyList<string> _names; // of all columns of the files
    private readonly int _problem = -1, _solution = -1, _aside = -1;
    private readonly int[] _columns = []; // of which each is a position; empty where a cell is a whole row
    private readonly List<ushort[]> _rows = [];
    private readonly List<(string, string?)> _texts = [];
    private readonly List<TableVocabulary> _vocabularies = [];
    private readonly HashSet<string> _unknown = [];
    private readonly List<string> _notes = [];
    private readonly TokenColumns? _model;
    private int[] _positions = [];
    private long _missing;

    public TokenTableBuilder(string path, IReadOnlyList<string> names, TokenTableOptions options)
    {
        (_path, _options, _names, _model) = (path, options, names, options.Vocabulary);
        if (names.CountBy(name => name).FirstOrDefault(name => name.Value > 1) is { Key: { } twice })
            throw new TweedieException($"{path}: has two columns '{OneLine.Of(twice)}'; give each a name of its own.");
        if (options.Aside is { } aside)
            _aside = aside.Count == 1 ? Find(path, AsideOption, aside[0]) : aside.Select(IndexOf).FirstOrDefault(column => column >= 0, -1) is >= 0 and var found ? found
                : throw TweedieException.Naming($"{path}: none of its columns {OneLine.Of(string.Join(", ", names))} is called {string.Join(", ", aside)}; name it by {AsideOption}.");
        var isPlainModel = _model is not null && _model.All(column => names.Contains(column.Name));
        if (options.Columns is null && (options.Problem is not null || options.Solution is not null || (FindPair() is not null && !isPlainModel)))
        {
            (string? problem, string? solution) = options.Problem is null && options.Solution is null ? FindPair()!.Value : (options.Problem, options.Solution);
            _problem = problem is null ? -1 : Find(path, ProblemOption, problem);
            _solution = solution is null ? -1 : Find(path, SolutionOption, solution);
            _notes.Add($"{path}: each cell is a row of tokens: {string.Join(", ", Roles())}.");
        }
        else
        {
            _columns = [.. (options.Columns ?? Model(path) ?? [.. names.Where((_, column) => column != _aside)]).Select(name => Find(path, ColumnsOption, name))];
            if (_model is not null && options.Columns is not null && !options.Columns.SequenceEqual(_model.Select(column => column.Name), StringComparer.OrdinalIgnoreCase))
                throw TweedieException.Naming($"{path}: {ColumnsOption} names {OneLine.Of(string.Join(", ", options.Columns))}, and the model has {OneLine.Of(string.Join(", ", _model.Select(column => column.Name)))}; leave it out.");
            Begin(path, _columns.Length);
        }
        LeaveOut(path);
    }

    public int Count => _rows.Count;

    public bool HasKnown => _problem >= 0;

    public IReadOnlyList<string> Warnings => _missing == 0 ? _notes
        : [.. _notes, FormattableString.Invariant($"{_missing} of {Count * (long)_positions.Length} tokens are unknown.")];

    // Whether a cell is a whole row.
    private bool HasWholeRows => _columns.Length == 0;

    /// <summary>Checks that a further file has the columns of the first.</summary>
    public void CheckColumns(string path, IReadOnlyList<string> names)
    {
        if (!names.SequenceEqual(_names))
            throw new TweedieException($"{path}: has the columns {OneLine.Of(string.Join(", ", names))}, and the first file has {OneLine.Of(string.Join(", ", _names))}.");
    }

    /// <summary>For each row, its file and the text that is kept aside.</summary>
    public IReadOnlyList<(string File, string? Text)> Aside => _texts;

    public void Add(string file, TableRow row)
    {
        _rows.Add(HasWholeRows ? Whole(row) : Plain(row));
        if (_aside >= 0)
            _texts.Add((file, row.Cells[_aside].Text));
    }

    /// <summary>The vocabularies in order, and the rows with their ids.</summary>
    public (TokenColumns Columns, IReadOnlyList<ushort[]> Rows) Finish()
    {
        if (_unknown.FirstOrDefault(IsToken) is { } both)
            throw TweedieException.Naming($"{_path}: '{OneLine.Of(both)}' stands for unknown tokens in problems and is a token of solutions; use another symbol for unknown tokens, and name it by {UnknownOption}.");
        if (_model is not null)
            return (_model, _rows);
        var ordered = _vocabularies.Distinct().ToDictionary(vocabulary => vocabulary, vocabulary => vocabulary.Ordered());
        foreach (var row in _rows)
            for (var position = 0; position < row.Length; position++)
                row[position] = TableToken.Renumber(row[position], ordered[_vocabularies[position]].NewIds);
        var empty = _vocabularies.FindIndex(vocabulary => ordered[vocabulary].Entries.Count == 0);
        if (empty >= 0)
            throw TweedieException.Naming($"Column '{OneLine.Of(NameOf(empty))}' has no known value in any row; leave it out by {ColumnsOption}.");
        return (new TokenColumns([.. _vocabularies.Select((vocabulary, position) => new TokenColumn(NameOf(position), ordered[vocabulary].Entries))]), _rows);
    }

    private ushort[] Plain(TableRow row)
    {
        var tokens = new ushort[_columns.Length];
        for (var position = 0; position < tokens.Length; position++)
        {
            var cell = row.Cells[_columns[position]];
            if (cell.List is not null)
                throw TweedieException.Naming($"{row.Origin}, column '{OneLine.Of(NameOf(position))}': has a list in a cell that is one token; name a column of whole rows by {ProblemOption} or {SolutionOption}.");
            if (cell.Text is null || cell.Text == _options.Unknown)
                _missing++;
            tokens[position] = cell.Text is null || cell.Text == _options.Unknown ? TableToken.Missing : TableToken.Pack(IdOf(row, position, cell.Text), known: false);
        }
        return tokens;
    }

    private ushort[] Whole(TableRow row)
    {
        var problem = _problem < 0 ? null : row.Cells[_problem].Tokens;
        var solution = _solution < 0 ? null : row.Cells[_solution].Tokens;
        if (_positions.Length == 0)
            Begin(row.Origin, (solution ?? problem)!.Count);
        CheckLength(row, _problem, problem);
        CheckLength(row, _solution, solution);
        var tokens = new ushort[_positions.Length];
        for (var position = 0; position < tokens.Length; position++)
            tokens[position] = Token(row, position, problem?[position], solution?[position]);
        return tokens;
    }

    private ushort Token(TableRow row, int position, string? given, string? answer)
    {
        if (_solution >= 0 && (answer is null || answer == _options.Unknown))
        {
            if (_problem >= 0)
                throw new TweedieException($"{Place(row, _solution, position)}: is unknown; a solution has to be whole.");
            _missing++;
            return TableToken.Missing;
        }
        var isKnown = _problem >= 0 && !IsUnknown(given, answer);
        if (!isKnown && given is not null)
            _unknown.Add(given);
        if (isKnown && _solution >= 0 && given != answer)
            throw TweedieException.Naming($"{Place(row, _problem, position)}: is '{OneLine.Of(given!)}', and the solution has '{OneLine.Of(answer!)}'; if it stands for an unknown token, name it by {UnknownOption}.");
        return isKnown || answer is not null ? TableToken.Pack(IdOf(row, position, answer ?? given!), isKnown) : TableToken.Missing;
    }

    private bool IsUnknown(string? given, string? answer) =>
        given is null || (given != answer && (_options.Unknown is { } symbol ? given == symbol : UsualUnknown.Contains(given)));

    private string Place(TableRow row, int column, int position) => $"{row.Origin}, column '{OneLine.Of(_names[column])}', token {position + 1}";

    private int IdOf(TableRow row, int position, string entry)
    {
        var id = _model is not null ? (int)_model.Find(_positions[position], entry) : _vocabularies[position].Add(entry);
        if (id >= 0)
            return id;
        var place = HasWholeRows ? Place(row, _solution < 0 ? _problem : _solution, position) : $"{row.Origin}, column '{OneLine.Of(NameOf(position))}'";
        throw _model is not null
            ? new TweedieException($"{place}: '{OneLine.Of(entry)}' is none of its {_model[_positions[position]].Entries.Count} entries ({Some(_model[_positions[position]].Entries)}).")
            : TweedieException.Naming($"{place}: '{OneLine.Of(entry)}' is one value more than the {TableVocabulary.Largest} that a column may have; leave columns of numbers or texts out by {ColumnsOption}.");
    }

    private static string Some(IReadOnlyList<string> entries) => OneLine.Of(string.Join(", ", entries.Take(10))) + (entries.Count > 10 ? ", …" : "");

    // The columns of the model, which the files must have.
    private IReadOnlyList<string>? Model(string path)
    {
        if (_model is null)
            return null;
        var missing = _model.Select(column => column.Name).Except(_names).ToArray();
        return missing.Length == 0 ? [.. _model.Select(column => column.Name)]
            : throw new TweedieException($"{path}: lacks the column '{OneLine.Of(missing[0])}', which the model has; the file has {OneLine.Of(string.Join(", ", _names))}.");
    }

    private void Begin(string origin, int length)
    {
        if (length == 0)
            throw new TweedieException($"{origin}: has no tokens.");
        if (_model is not null && _model.Count != length)
            throw new TweedieException($"{origin}: has rows of {length} tokens, and the model has {_model.Count}.");
        _positions = [.. Enumerable.Range(0, length)];
        var shared = HasWholeRows || _options.SharedVocabulary ? new TableVocabulary() : null;
        _vocabularies.AddRange(_positions.Select(_ => shared ?? new TableVocabulary()));
    }

    private void CheckLength(TableRow row, int column, IReadOnlyList<string?>? tokens)
    {
        if (tokens is not null && tokens.Count != _positions.Length)
            throw new TweedieException($"{row.Origin}, column '{OneLine.Of(_names[column])}': has {tokens.Count} tokens, and rows have {_positions.Length}.");
    }

    private bool IsToken(string entry) => _model is null ? _vocabularies.Exists(vocabulary => vocabulary.Has(entry))
        : _positions.Any(position => _model.Find(position, entry) != ITokenRowSource.Missing);

    private string NameOf(int position) => HasWholeRows ? (position + 1).ToString(CultureInfo.InvariantCulture) : _names[_columns[position]];

    private int Find(string path, OptionName option, string name) =>
        IndexOf(name) is >= 0 and var found ? found
            : throw TweedieException.Naming($"{path}: {option} = {OneLine.Of(name)} names no column; there are {OneLine.Of(string.Join(", ", _names))}.");

    private int IndexOf(string name) =>
        Enumerable.Range(0, _names.Count).FirstOrDefault(column => string.Equals(_names[column], name, StringComparison.OrdinalIgnoreCase), -1);

    private IEnumerable<string> Roles()
    {
        if (_problem >= 0)
            yield return $"problems in '{OneLine.Of(_names[_problem])}'";
        if (_solution >= 0)
            yield return $"solutions in '{OneLine.Of(_names[_solution])}'";
    }

    private (string Problem, string Solution)? FindPair()
    {
        foreach (var (problem, solution) in UsualPairs)
            if (_names.FirstOrDefault(name => Is(name, problem)) is { } first && _names.FirstOrDefault(name => Is(name, solution)) is { } second)
                return (first, second);
        return null;

        static bool Is(string name, string usual) =>
            string.Equals(name, usual, StringComparison.OrdinalIgnoreCase) || string.Equals(name, usual + "s", StringComparison.OrdinalIgnoreCase);
    }

    private void LeaveOut(string path)
    {
        var left = Enumerable.Range(0, _names.Count).Except(_columns).Where(column => column != _problem && column != _solution && column != _aside).Select(column => _names[column]).ToArray();
        if (left.Length > 0)
            _notes.Add($"{path}: {left.Length} of {_names.Count} columns {(left.Length == 1 ? "is" : "are")} not used: {OneLine.Of(string.Join(", ", left))}.");
    }
}
