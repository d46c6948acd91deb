using System.Numerics;

namespace Tweedie.Tokens;

/// <summary>
/// The rules of Sudoku, and a solver: backtracking over the cell with the fewest possible digits, with a bit per digit. Grids are row by row, digits are 1 to
/// the size, and 0 is an empty cell.
/// </summary>
internal sealed class SudokuGrid
{
    /// <summary>The sizes: 4 with boxes of 2 × 2, 6 with boxes of 2 rows and 3 columns, 9 with boxes of 3 × 3.</summary>
    public static readonly IReadOnlyList<int> Sizes = [4, 6, 9];

    private readonly int _all;
    private readonly int[] _row, _column, _box; // of each cell

    public SudokuGrid(int size)
    {
        var (height, width) = size switch { 4 => (2, 2), 6 => (2, 3), _ => (3, 3) };
        (Size, _all) = (size, (1 << size) - 1);
        _row = [.. Enumerable.Range(0, size * size).Select(cell => cell / size)];
        _column = [.. Enumerable.Range(0, size * size).Select(cell => cell % size)];
        _box = [.. _row.Zip(_column, (row, column) => row / height * (size / width) + column / width)];
    }

    public int Size { get; }

    public int Cells => _row.Length;

    /// <summary>Whether every row, column and box has each digit once.</summary>
    public bool IsSolved(ReadOnlySpan<int> grid)
    {
        Span<int> used = stackalloc int[3 * Size];
        return !grid.Contains(0) && TryPlace(grid, used);
    }

    /// <summary>The number of ways to fill the empty cells, up to a limit.</summary>
    public int CountSolutions(ReadOnlySpan<int> grid, int limit)
    {
        Span<int> used = stackalloc int[3 * Size], copy = stackalloc int[Cells];
        grid.CopyTo(copy);
        return TryPlace(grid, used) ? Search(copy, used, limit, random: null) : 0;
    }

    /// <summary>Fills the empty cells with a solution, chosen by random digits, not uniformly; false where there is none.</summary>
    public bool TryFill(Span<int> grid, SampleRandom random)
    {
        Span<int> used = stackalloc int[3 * Size];
        return TryPlace(grid, used) && Search(grid, used, 1, random) == 1;
    }

    /// <summary>All grids, for small sizes.</summary>
    public List<int[]> All()
    {
        var found = new List<int[]>();
        Span<int> used = stackalloc int[3 * Size];
        Search(new int[Cells], used, int.MaxValue, random: null, found);
        return found;
    }

    private bool TryPlace(ReadOnlySpan<int> grid, Span<int> used)
    {
        for (var cell = 0; cell < grid.Length; cell++)
        {
            if (grid[cell] == 0)
                continue;
            var bit = 1 << (grid[cell] - 1);
            if ((Used(used, cell) & bit) != 0)
                return false;
            Toggle(used, cell, bit);
        }
        return true;
    }

    // With one solution wanted, the grid keeps it.
    private int Search(Span<int> grid, Span<int> used, int limit, SampleRandom? random, List<int[]>? found = null)
    {
        var cell = FewestDigits(grid, used, out var digits);
        if (cell < 0)
        {
            found?.Add(grid.ToArray());
            return 1;
        }
        var count = 0;
        while (digits != 0 && count < limit)
        {
            var bit = random is null ? digits & -digits : RandomBit(digits, random);
            digits &= ~bit;
            grid[cell] = BitOperations.TrailingZeroCount(bit) + 1;
            Toggle(used, cell, bit);
            count += Search(grid, used, limit - count, random, found);
            Toggle(used, cell, bit);
        }
        if (count < limit || random is null)
            grid[cell] = 0;
        return count;
    }

    private int FewestDigits(ReadOnlySpan<int> grid, ReadOnlySpan<int> used, out int digits)
    {
        var (best, fewest) = (-1, int.MaxValue);
        digits = 0;
        for (var cell = 0; cell < grid.Length && fewest > 1; cell++)
        {
            if (grid[cell] != 0)
                continue;
            var free = _all & ~Used(used, cell);
            if (BitOperations.PopCount((uint)free) is var count && count < fewest)
                (best, fewest, digits) = (cell, count, free);
        }
        return best;
    }

    private static int RandomBit(int bits, SampleRandom random)
    {
        for (var skipped = random.NextInt(BitOperations.PopCount((uint)bits)); skipped > 0; skipped--)
            bits &= bits - 1;
        return bits & -bits;
    }

    private int Used(ReadOnlySpan<int> used, int cell) => used[_row[cell]] | used[Size + _column[cell]] | used[2 * Size + _box[cell]];

    private void Toggle(Span<int> used, int cell, int bit)
    {
        used[_row[cell]] ^= bit;
        used[Size + _column[cell]] ^= bit;
        used[2 * Size + _box[cell]] ^= bit;
    }
}
