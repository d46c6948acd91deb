using Tweedie.Images;
using Tweedie.Tokens;

namespace Tweedie.Tests.Data.Texts;

/// <summary>Tables of tokens are found by folder, file or pattern, or are generated from settings.</summary>
public sealed class TokenTablesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Files_are_found_with_their_splits()
    {
        _folder.Write("train.csv", "a\nx\ny\n"u8);
        _folder.Write("test.csv", "a\ny\n"u8);
        _folder.Write("README.md", "text"u8);

        var train = TokenTables.Open(_folder.Path);
        var test = TokenTables.Open(_folder.Path, DataSplit.Test, new TokenTableOptions { Vocabulary = train.Columns });

        (train.Count, test.Count).Should().Be((2, 1));
        train.Warnings.Should().Equal($"'{_folder.Path}': 1 file of other kinds (.md) left out.");
        var row = new long[1];
        test.Read(0, 0, row, new bool[1]);
        row.Should().Equal(1);
    }

    [Fact]
    public void Generated_tables_take_their_settings()
    {
        var sudoku = (SudokuRows)TokenTables.Open("sudoku:size=6,count=50,clues=20,seed=3");
        var markov = (MarkovRows)TokenTables.Open("markov:states=7,length=9,branches=2,count=50,test=5,seed=3", DataSplit.Test);
        var grammar = (GrammarRows)TokenTables.Open("grammar:length=12,count=50", DataSplit.Validation);

        (sudoku.Count, sudoku.Length, sudoku.VocabularySize).Should().Be((50, 36, 6));
        (markov.Count, markov.Length, markov.VocabularySize).Should().Be((5, 9, 7));
        (grammar.Count, grammar.Length).Should().Be((50, 12));
        var known = new bool[36];
        var row = new long[36];
        sudoku.Read(0, 0, row, known);
        known.Count(cell => cell).Should().Be(20);
        new SudokuRows(50, 6, 20, seed: 3).Read(0, 0, new long[36], known);
        markov.Transitions[0].Should().Equal(((MarkovRows)TokenTables.Open("markov:states=7,length=9,branches=2,seed=3")).Transitions[0]);
        TokenTables.IsGenerated("sudoku").Should().BeTrue();
        TokenTables.IsGenerated("train.csv").Should().BeFalse();
    }

    [Theory]
    [InlineData("sudoku:size=5", "'sudoku:size=5': size is 5 and must be 4, 6 or 9.")]
    [InlineData("sudoku:size=9,clues=20", "'sudoku:size=9,clues=20': clues is 20 and must be 24 to 81.")]
    [InlineData("markov:states=4,branches=5", "'markov:states=4,branches=5': branches is 5 and must be 1 to 4.")]
    [InlineData("grammar:length=3", "'grammar:length=3': length is 3 and must be 4 to 64.")]
    [InlineData("grammar:words=3", "'grammar:words=3': 'words' is unknown; use count, test, val, seed, length.")]
    [InlineData("sudoko:size=9", "'sudoko:size=9' is neither a folder nor a file, nor generated data such as 'sudoku:size=4,count=1000' (did you mean sudoku?); the names of generated tables are sudoku, markov, grammar.")]
    public void Wrong_specifications_are_refused(string specification, string message)
    {
        var open = () => TokenTables.Open(specification);

        open.Should().Throw<TweedieException>().WithMessage(message);
    }
}
