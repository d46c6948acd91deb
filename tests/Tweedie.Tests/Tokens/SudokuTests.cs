using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>Sudoku puzzles have one solution, the clues that are asked for, and solutions that no other split has.</summary>
public sealed class SudokuTests
{
    public static TheoryData<int> Sizes => [4, 6, 9];

    [Fact]
    public void There_are_288_grids_of_4_by_4_and_all_are_solved()
    {
        var grid = new SudokuGrid(4);
        var all = grid.All();

        all.Select(cells => string.Concat(cells)).Distinct().Should().HaveCount(288);
        all.Should().OnlyContain(cells => grid.IsSolved(cells));
        grid.CountSolutions(new int[16], 1000).Should().Be(288);
        grid.CountSolutions(new int[16], 10).Should().Be(10);
    }

    [Fact]
    public void A_6_by_6_grid_has_the_known_number_of_completions()
    {
        // 28,200,960 grids in all, of which 6! have each first row.
        var cells = new int[36];
        for (var column = 0; column < 6; column++)
            cells[column] = column + 1;
        new SudokuGrid(6).CountSolutions(cells, int.MaxValue).Should().Be(28_200_960 / 720);
    }

    [Fact]
    public void Counting_solutions_agrees_with_trying_all_grids()
    {
        var grid = new SudokuGrid(4);
        var all = grid.All();
        var random = new SampleRandom(1);
        for (var trial = 0; trial < 300; trial++)
        {
            var solution = all[random.NextInt(all.Count)];
            var cells = solution.Select(digit => random.NextBool(0.35) ? digit : 0).ToArray();
            if (trial % 3 == 0)
                cells[random.NextInt(16)] = 1 + random.NextInt(4); // often without a solution

            var expected = all.Count(candidate => candidate.Zip(cells, (digit, given) => given == 0 || given == digit).All(fits => fits));

            grid.CountSolutions(cells, int.MaxValue).Should().Be(expected);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Puzzles_have_one_solution_and_the_clues_asked_for(int size)
    {
        foreach (var clues in new[] { SudokuRows.FewestClues(size) + 1, SudokuRows.UsualClues(size), size * size })
        {
            var rows = new SudokuRows(5, size, clues, seed: 3);
            var grid = new SudokuGrid(size);
            for (var index = 0; index < rows.Count; index++)
            {
                var (tokens, known) = Row(rows, index);
                rows.IsLegal(tokens).Should().BeTrue();
                known.Count(cell => cell).Should().Be(clues);
                grid.CountSolutions([.. tokens.Zip(known, (token, isKnown) => isKnown ? (int)token + 1 : 0)], 2).Should().Be(1);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Legal_grids_have_each_digit_once_per_row_column_and_box(int size)
    {
        var rows = new SudokuRows(1, size);
        var (tokens, _) = Row(rows, 0);

        for (var cell = 0; cell < tokens.Length; cell++)
        {
            var changed = tokens.ToArray();
            changed[cell] = (changed[cell] + 1) % size;
            rows.IsLegal(changed).Should().BeFalse();
        }
        rows.IsLegal([.. tokens.Select(token => token - 1)]).Should().BeFalse();
        // Rows and columns are right, and boxes are not.
        rows.IsLegal([.. Enumerable.Range(0, size * size).Select(cell => (long)((cell / size + cell % size) % size))]).Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_solution_is_in_two_splits_whatever_the_seeds(int size)
    {
        var splits = new[] { DataSplit.Train, DataSplit.Validation, DataSplit.Test }.Select((split, number) =>
        {
            var rows = new SudokuRows(size == 4 ? 500 : 60, size, size * size, split, seed: number);
            return Enumerable.Range(0, rows.Count).Select(index => string.Concat(Row(rows, index).Tokens)).ToHashSet();
        }).ToArray();

        splits.Sum(split => split.Count).Should().Be(splits.SelectMany(split => split).Distinct().Count());
    }

    [Fact]
    public void The_few_grids_of_4_by_4_are_said()
    {
        var warnings = new[] { DataSplit.Train, DataSplit.Validation, DataSplit.Test }.Select(split => new SudokuRows(1000, 4, split: split).Warnings.Single()).ToArray();

        warnings[0].Should().Match("sudoku: there are only 288 grids of 4 × 4, and the train split has * of them, so its 1000 puzzles repeat grids.");
        warnings.Sum(warning => int.Parse(warning.Split(" split has ")[1].Split(' ')[0], null)).Should().Be(288);
        new SudokuRows(10, 6).Warnings.Should().BeEmpty();
    }

    [Fact]
    public void Puzzles_follow_from_the_seed()
    {
        Row(new SudokuRows(3, 6, seed: 1), 2).Should().BeEquivalentTo(Row(new SudokuRows(9, 6, seed: 1), 2));
        Row(new SudokuRows(3, 6, seed: 1), 2).Tokens.Should().NotEqual(Row(new SudokuRows(3, 6, seed: 2), 2).Tokens);
        Row(new SudokuRows(3, 6, seed: 1), 2).Tokens.Should().NotEqual(Row(new SudokuRows(3, 6, seed: 1), 1).Tokens);
    }

    [Fact]
    public void Numbers_out_of_range_are_refused()
    {
        Func<SudokuRows>[] wrong = [() => new SudokuRows(0), () => new SudokuRows(1, 5), () => new SudokuRows(1, 9, 23), () => new SudokuRows(1, 4, 17)];

        foreach (var create in wrong)
            create.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static (long[] Tokens, bool[] Known) Row(SudokuRows rows, int index)
    {
        var (tokens, known) = (new long[rows.Length], new bool[rows.Length]);
        rows.Read(0, index, tokens, known);
        return (tokens, known);
    }
}
