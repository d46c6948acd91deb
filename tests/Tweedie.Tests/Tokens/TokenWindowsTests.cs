using CsCheck;
using Tweedie.Text;
using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>Windows reach every token of their text and none of another part.</summary>
public sealed class TokenWindowsTests
{
    [Fact]
    public void Consecutive_windows_are_the_text_but_for_its_rest() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60]).Where((length, window) => window <= length).Sample((length, window) =>
        {
            using var text = Numbers(length);
            var windows = TokenWindows.Consecutive(text, window);

            Enumerable.Range(0, windows.Count).SelectMany(index => Row(windows, 0, index)).Should().Equal(Enumerable.Range(0, length / window * window).Select(id => (long)id));
            Row(windows, 7, 0).Should().Equal(Row(windows, 0, 0));
            windows.Warnings.Should().HaveCount(length % window == 0 ? 0 : 1);
        });

    [Fact]
    public void Random_windows_are_parts_of_the_text_and_reach_every_token() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Long).Where((length, window, _) => window <= length).Sample((length, window, seed) =>
        {
            using var text = Numbers(length);
            var windows = TokenWindows.Random(text, window, seed, count: 2000);
            var reached = new HashSet<long>();
            for (var index = 0; index < windows.Count; index++)
            {
                var row = Row(windows, 3, index);
                row.Should().Equal(Enumerable.Range((int)row[0], window).Select(id => (long)id));
                reached.UnionWith(row);
            }
            reached.Should().BeEquivalentTo(Enumerable.Range(0, length).Select(id => (long)id));
        }, iter: 20);

    [Fact]
    public void Windows_begin_at_each_position_equally_often()
    {
        using var text = Numbers(20);
        var windows = TokenWindows.Random(text, 11, seed: 5, count: 20_000);
        var counts = Enumerable.Range(0, windows.Count).Select(index => Row(windows, 0, index)[0]).CountBy(start => start).ToDictionary();

        counts.Should().HaveCount(10);
        counts.Values.Sum(count => Math.Pow(count - 2000, 2) / 2000).Should().BeLessThan(40); // chi-square with 9 degrees of freedom: p < 1e-5
    }

    [Fact]
    public void Random_windows_follow_from_seed_epoch_and_index()
    {
        using var text = Numbers(200);
        var (windows, again) = (TokenWindows.Random(text, 5, seed: 1), TokenWindows.Random(text, 5, seed: 1));
        var other = TokenWindows.Random(text, 5, seed: 2);

        windows.Count.Should().Be(40);
        Epoch(windows, 2).Should().Equal(Epoch(again, 2));
        Epoch(windows, 2).Should().NotEqual(Epoch(windows, 3)).And.NotEqual(Epoch(other, 2));
    }

    [Fact]
    public void No_window_of_the_training_part_touches_the_held_out_part()
    {
        var (train, held) = TextHoldout.Split(new MemoryTextSource("letters", new string('t', 90) + new string('h', 10)), 0.1);
        var tokenizer = CharacterTokenizer.Build(["th"]);
        using var trainText = EncodedText.Open(train, tokenizer);
        using var heldText = EncodedText.Open(held, tokenizer);

        Epoch(TokenWindows.Random(trainText, 5, seed: 0, count: 5000), 0).Should().OnlyContain(id => tokenizer.Token((int)id) == "t");
        Epoch(TokenWindows.Random(heldText, 5, seed: 0, count: 5000), 0).Should().OnlyContain(id => tokenizer.Token((int)id) == "h");
        Epoch(TokenWindows.Consecutive(heldText, 5), 0).Should().HaveCount(10);
    }

    [Fact]
    public void Windows_reach_over_the_border_of_documents()
    {
        var tokenizer = CharacterTokenizer.Build(["ab"]);
        using var text = EncodedText.Open(new MemoryTextSource("two", "aa", "bb"), tokenizer);

        Row(TokenWindows.Consecutive(text, 5), 0, 0).Should().Equal(1, 1, 0, 2, 2);
    }

    [Fact]
    public void A_text_shorter_than_a_window_is_refused()
    {
        using var text = Numbers(20);
        var random = () => TokenWindows.Random(text, 21, seed: 0);
        var consecutive = () => TokenWindows.Consecutive(text, 21);

        random.Should().Throw<TweedieException>().WithMessage("numbers: has 20 tokens, fewer than a window of 21; give a longer text, or a model of shorter rows.");
        consecutive.Should().Throw<TweedieException>();
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        using var text = Numbers(20);
        var windows = TokenWindows.Random(text, 4, seed: 0);
        Action[] reads =
        [
            () => windows.Read(-1, 0, new long[4], new bool[4]), () => windows.Read(0, 5, new long[4], new bool[4]), () => windows.Read(0, -1, new long[4], new bool[4]),
            () => windows.Read(0, 0, new long[3], new bool[4]), () => windows.Read(0, 0, new long[4], new bool[5]),
        ];

        foreach (var read in reads)
            read.Should().Throw<ArgumentException>();
    }

    // A text whose token at each position is the position's number.
    private static EncodedText Numbers(int length)
    {
        var characters = string.Concat(Enumerable.Range(0, length).Select(position => (char)('\u4E00' + position)));
        return EncodedText.Open(new MemoryTextSource("numbers", characters), new Shifted(CharacterTokenizer.Build([characters])));
    }

    private static long[] Row(ITokenRowSource rows, long epoch, int index)
    {
        var row = new long[rows.Length];
        rows.Read(epoch, index, row, new bool[rows.Length]);
        return row;
    }

    private static long[] Epoch(ITokenRowSource rows, long epoch) => [.. Enumerable.Range(0, rows.Count).SelectMany(index => Row(rows, epoch, index))];

    // Without the end token at id 0.
    private sealed class Shifted(ITokenizer inner) : ITokenizer
    {
        public int VocabularySize => inner.VocabularySize;

        public SpecialTokens Special => inner.Special;

        public int[] Encode(string text) => [.. inner.Encode(text).Select(id => id - 1)];

        public string Decode(IReadOnlyList<int> ids) => inner.Decode([.. ids.Select(id => id + 1)]);

        public string Token(int id) => inner.Token(id);

        public void Save(string folder) => inner.Save(folder);
    }
}
