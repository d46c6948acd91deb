using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>The sentences of the grammar are counted, drawn uniformly and recognised.</summary>
public sealed class GrammarRowsTests
{
    // Small enough to write all sentences down: nested brackets of two kinds.
    private static readonly Grammar _brackets = new(["S → ( ) | [ ] | ( S ) | [ S ]"]);

    [Fact]
    public void A_small_grammar_agrees_with_its_sentences()
    {
        Enumerable.Range(1, 8).Select(_brackets.Count).Should().Equal(0, 2, 0, 4, 0, 8, 0, 16);
        _brackets.Words.Should().Equal("(", ")", "[", "]");
        _brackets.CountDerivations("[ ( ) ]".Split(' ')).Should().Be(1);
        _brackets.CountDerivations("[ ( ] )".Split(' ')).Should().Be(0);
        _brackets.CountDerivations([]).Should().Be(0);
        var random = new SampleRandom(1);
        Enumerable.Range(0, 1000).Select(_ => string.Concat(_brackets.Draw(6, random))).CountBy(sentence => sentence).Should().HaveCount(8).And.OnlyContain(sentence => sentence.Value > 80);
    }

    [Fact]
    public void Derivations_are_counted()
    {
        // Two to the left or two to the right, and so on: the Catalan numbers.
        var ambiguous = new Grammar(["S → a | S S"]);

        Enumerable.Range(1, 6).Select(length => ambiguous.CountDerivations([.. Enumerable.Repeat("a", length)])).Should().Equal(1, 1, 2, 5, 14, 42);
    }

    [Fact]
    public void Each_sentence_has_one_derivation()
    {
        var random = new SampleRandom(4);
        for (var length = GrammarRows.ShortestLength; length <= 24; length++)
            for (var draw = 0; draw < 20; draw++)
                GrammarRows.English.CountDerivations(GrammarRows.English.Draw(length, random)).Should().Be(1);
    }

    [Fact]
    public void The_shortest_sentences_are_all_the_rows_that_are_legal()
    {
        var rows = new GrammarRows(1, GrammarRows.ShortestLength);
        var words = rows.Columns[0].Entries.Count;
        var (legal, stop) = (0, rows.Columns.Find(3, "."));
        for (var number = 0; number < words * words * words; number++)
        {
            legal += rows.IsLegal([number % words, number / words % words, number / words / words, stop]) ? 1 : 0;
            rows.IsLegal([number % words, number / words % words, number / words / words, (stop + 1) % words]).Should().BeFalse();
        }

        Math.Exp(rows.Entropy!.Value).Should().BeApproximately(legal, 1e-9);
    }

    [Theory]
    [InlineData(5, 12_000)]
    [InlineData(6, 40_000)]
    public void Every_sentence_is_drawn_in_the_end(int length, int count)
    {
        var rows = new[] { (DataSplit.Train, count), (DataSplit.Validation, count / 5), (DataSplit.Test, count / 5) }.Select(part => new GrammarRows(part.Item2, length, part.Item1)).ToArray();

        rows.SelectMany(part => Enumerable.Range(0, part.Count).Select(index => string.Join(' ', Row(part, index)))).Distinct().Count()
            .Should().Be((int)Math.Round(Math.Exp(rows[0].Entropy!.Value)));
    }

    [Theory]
    [InlineData("the dog sleeps .", true)]
    [InlineData("some dogs sleep .", true)]
    [InlineData("a small dog that sees the cats follows some young birds .", true)]
    [InlineData("the dogs that the cat that runs sees sleep .", true)]
    [InlineData("the dogs that the cat that runs sees sleeps .", false)]
    [InlineData("the dogs that the cat that runs see sleep .", false)]
    [InlineData("a dogs sleep .", false)]
    [InlineData("the dog sleeps", false)]
    [InlineData("the dog sleeps . .", false)]
    [InlineData("the dog that runs that sleeps runs .", false)]
    public void Verbs_agree_with_their_nouns(string sentence, bool isLegal)
    {
        var rows = new GrammarRows(1, 20);
        string[] words = [.. sentence.Split(' '), .. Enumerable.Repeat(GrammarRows.End, 20)];

        rows.IsLegal([.. words.Take(20).Select((word, position) => rows.Columns.Find(position, word))]).Should().Be(isLegal);
    }

    [Fact]
    public void Words_after_the_end_are_illegal()
    {
        var rows = new GrammarRows(1, 8);
        string[] words = ["the", "dog", "sleeps", ".", GrammarRows.End, "dog", GrammarRows.End, GrammarRows.End];

        rows.IsLegal([.. words.Select((word, position) => rows.Columns.Find(position, word))]).Should().BeFalse();
    }

    [Fact]
    public void Drawn_rows_are_legal_and_in_one_split()
    {
        var splits = new[] { DataSplit.Train, DataSplit.Validation, DataSplit.Test }.Select(split => new GrammarRows(200, 5, split, seed: 3)).ToArray();
        var texts = splits.Select(rows => Enumerable.Range(0, rows.Count).Select(index => Row(rows, index)).ToArray()).ToArray();

        texts.Zip(splits).Should().OnlyContain(pair => pair.First.All(row => pair.Second.IsLegal(row)));
        var sets = texts.Select(rows => rows.Select(row => string.Join(' ', row)).ToHashSet()).ToArray();
        sets.Sum(set => set.Count).Should().Be(sets.SelectMany(set => set).Distinct().Count());
        Row(new GrammarRows(9, 64, seed: 1), 8).Should().Equal(Row(new GrammarRows(10, 64, seed: 1), 8));
    }

    private static long[] Row(GrammarRows rows, int index)
    {
        var row = new long[rows.Length];
        rows.Read(0, index, row, new bool[rows.Length]);
        return row;
    }
}
