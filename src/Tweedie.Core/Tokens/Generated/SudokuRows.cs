namespace Tweedie.Tokens;

/// <summary>
/// Generated Sudoku puzzles, each with exactly one solution: digits 1 to the size once per row, column and box. A row of tokens is the solution, row by
/// row, and the clues are its known tokens. Puzzles are divided into splits by their solution, so that no solution of one split occurs in another. There are
/// only 288 grids of 4 × 4, 28,200,960 of 6 × 6, and 6.67e21 of 9 × 9. Grids are drawn by a random search, which is not exactly uniform.
/// </summary>
public sealed class SudokuRows : GeneratedRows
{
    private readonly SudokuGrid _grid;
    private readonly int _clues;

    /// <summary>Creates puzzles; each is made when it is first read, and then kept.</summary>
    /// <param name="count">The number of puzzles, at least 1.</param>
    /// <param name="size">4 (boxes of 2 × 2), 6 (boxes of 2 rows and 3 columns) or 9 (boxes of 3 × 3).</param>
    /// <param name="clues">The number of clues, from <see cref="FewestClues"/> to the number of cells; by default <see cref="UsualClues"/>.</param>
    /// <param name="split">The split.</param>
    /// <param name="seed">The seed of the puzzles.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SudokuRows(int count, int size = 9, int? clues = null, DataSplit split = DataSplit.Train, long seed = 0)
        : base("sudoku", Cells(size), count, split, seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clues ?? size * size, FewestClues(size), nameof(clues));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clues ?? 0, size * size, nameof(clues));
        (_grid, _clues) = (new SudokuGrid(size), clues ?? UsualClues(size));
        if (size != 4)
            return;
        var all = _grid.All();
        var own = all.Count(grid => SplitOf(Ids(grid)) == split);
        Warnings = [$"sudoku: there are only {all.Count} grids of 4 × 4, and the {split.ToString().ToLowerInvariant()} split has {own} of them, so its {count} puzzles {(count > own ? "repeat grids" : "may repeat grids")}."];
    }

    /// <summary>Always true: a puzzle says which tokens are known.</summary>
    public override bool HasKnown => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Warnings { get; } = [];

    /// <summary>The fewest clues that can be asked for: 4, 9 or 24. Puzzles with fewer exist, but a random search does not find them in reasonable time.</summary>
    /// <param name="size">4, 6 or 9.</param>
    public static int FewestClues(int size) => size switch { 4 => 4, 6 => 9, _ => 24 };

    /// <summary>The usual number of clues: 6, 14 or 32.</summary>
    /// <param name="size">4, 6 or 9.</param>
    public static int UsualClues(int size) => size switch { 4 => 6, 6 => 14, _ => 32 };

    /// <summary>Whether every row, column and box has each digit once.</summary>
    private protected override bool HasLaw(ReadOnlySpan<long> row) => _grid.IsSolved(Digits(row));

    private protected override void Draw(SampleRandom random, Span<long> row)
    {
        Span<int> grid = stackalloc int[row.Length];
        if (!_grid.TryFill(grid, random))
            throw new InvalidOperationException("An empty grid has solutions.");
        Ids(grid).CopyTo(row);
    }

    // Takes cells away in random order, as long as one solution is left. Where too few can go, another order may do better.
    private protected override bool TryChooseKnown(SampleRandom random, ReadOnlySpan<long> row, Span<bool> known)
    {
        var grid = Digits(row);
        var order = Enumerable.Range(0, grid.Length).ToArray();
        random.Shuffle<int>(order);
        known.Fill(true);
        var left = grid.Length;
        foreach (var cell in order)
        {
            if (left == _clues)
                return true;
            var digit = grid[cell];
            grid[cell] = 0;
            if (_grid.CountSolutions(grid, 2) == 1)
            {
                known[cell] = false;
                left--;
            }
            else
            {
                grid[cell] = digit;
            }
        }
        return left == _clues;
    }

    private static int[] Digits(ReadOnlySpan<long> row)
    {
        var grid = new int[row.Length];
        for (var cell = 0; cell < grid.Length; cell++)
            grid[cell] = (int)row[cell] + 1;
        return grid;
    }

    private static long[] Ids(ReadOnlySpan<int> grid)
    {
        var ids = new long[grid.Length];
        for (var cell = 0; cell < ids.Length; cell++)
            ids[cell] = grid[cell] - 1;
        return ids;
    }

    private static TokenColumns Cells(int size)
    {
        if (!SudokuGrid.Sizes.Contains(size))
            throw new ArgumentOutOfRangeException(nameof(size), size, "A Sudoku has the size 4, 6 or 9.");
        return Shared(Enumerable.Range(0, size * size).Select(cell => $"r{cell / size + 1}c{cell % size + 1}"), [.. Enumerable.Range(1, size).Select(digit => $"{digit}")]);
    }
}
