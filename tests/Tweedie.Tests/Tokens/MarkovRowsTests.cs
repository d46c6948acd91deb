using Tweedie.Tokens;

namespace Tweedie.Tests.Tokens;

/// <summary>The law of a Markov chain is exact: entropy, probability and legality agree with an enumeration of all rows.</summary>
public sealed class MarkovRowsTests
{
    [Theory]
    [InlineData(2, 2, 2)]
    [InlineData(3, 5, 2)]
    [InlineData(4, 5, 3)]
    [InlineData(3, 4, 1)]
    public void Entropy_and_legality_agree_with_an_enumeration(int states, int length, int branches)
    {
        var rows = new MarkovRows(1, states, length, branches, seed: 11);
        var (sum, entropy, legal) = (0.0, 0.0, 0);
        foreach (var row in All(states, length))
        {
            var log = rows.LogProbability(row);
            rows.IsLegal(row).Should().Be(!double.IsNegativeInfinity(log));
            if (!rows.IsLegal(row))
                continue;
            legal++;
            sum += Math.Exp(log);
            entropy -= Math.Exp(log) * log;
        }

        sum.Should().BeApproximately(1, 1e-12);
        rows.Entropy.Should().BeApproximately(entropy, 1e-12);
        legal.Should().Be((int)(states * Math.Pow(branches, length - 1)));
    }

    [Fact]
    public void Each_state_has_its_successors_with_probabilities_that_sum_to_one()
    {
        var rows = new MarkovRows(1, 20, branches: 4, seed: 5);

        rows.Transitions.Should().HaveCount(20).And.OnlyContain(row => row.Count(probability => probability > 0) == 4 && Math.Abs(row.Sum() - 1) < 1e-12);
        new MarkovRows(1, 20, branches: 4, seed: 6).Transitions[0].Should().NotEqual(rows.Transitions[0]);
        new MarkovRows(1, 20, branches: 4, split: DataSplit.Test, seed: 5).Transitions[0].Should().Equal(rows.Transitions[0]);
    }

    [Fact]
    public void Drawn_rows_are_legal_and_follow_the_law()
    {
        var rows = new MarkovRows(4000, 5, 20, 3, seed: 2);
        var (counts, log) = (new double[5, 5], new List<double>());
        for (var index = 0; index < rows.Count; index++)
        {
            var row = Row(rows, index);
            rows.IsLegal(row).Should().BeTrue();
            log.Add(-rows.LogProbability(row));
            for (var position = 1; position < row.Length; position++)
                counts[row[position - 1], row[position]]++;
        }

        // The mean of −ln p is the entropy, within four standard errors.
        var (mean, error) = (log.Average(), Math.Sqrt(log.Select(value => Math.Pow(value - log.Average(), 2)).Sum()) / log.Count);
        mean.Should().BeApproximately(rows.Entropy!.Value, 4 * error);
        for (var from = 0; from < 5; from++)
        {
            var total = Enumerable.Range(0, 5).Sum(to => counts[from, to]);
            for (var to = 0; to < 5; to++)
                (counts[from, to] / total).Should().BeApproximately(rows.Transitions[from][to], 5 * Math.Sqrt(0.25 / total));
        }
    }

    [Fact]
    public void No_row_is_in_two_splits()
    {
        // So short that the splits would share most rows.
        var splits = new[] { DataSplit.Train, DataSplit.Validation, DataSplit.Test }.Select(split => new MarkovRows(300, 4, 6, 2, split, seed: 1))
            .Select(rows => Enumerable.Range(0, rows.Count).Select(index => string.Join(' ', Row(rows, index))).ToHashSet()).ToArray();

        splits.Should().OnlyContain(split => split.Count > 5);
        splits.Sum(split => split.Count).Should().Be(splits.SelectMany(split => split).Distinct().Count());
    }

    [Fact]
    public void A_split_without_rows_is_refused()
    {
        var rows = Enumerable.Range(0, 20).SelectMany(seed => new[] { new MarkovRows(1, 2, 2, 1, DataSplit.Test, seed), new MarkovRows(1, 2, 2, 1, DataSplit.Validation, seed) }).ToArray();
        var errors = rows.Select(source => Record.Exception(() => Row(source, 0))).OfType<TweedieException>().Select(error => error.Message).Distinct();

        errors.Should().Contain("markov: none of 20000 draws is a row of the test split, because there are so few different rows; ask for longer ones.");
    }

    [Fact]
    public void Wrong_rows_and_numbers_are_refused()
    {
        var rows = new MarkovRows(1, 4, 6);
        var shorter = () => rows.IsLegal([0, 1]);
        Func<MarkovRows>[] wrong = [() => new MarkovRows(0), () => new MarkovRows(1, 1), () => new MarkovRows(1, 4, 1), () => new MarkovRows(1, 4, 6, 5), () => new MarkovRows(1, 4, 6, 0)];

        shorter.Should().Throw<ArgumentException>();
        rows.IsLegal([0, 1, 2, 3, 4, 0]).Should().BeFalse();
        foreach (var create in wrong)
            create.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static IEnumerable<long[]> All(int states, int length) =>
        Enumerable.Range(0, (int)Math.Pow(states, length)).Select(number =>
        {
            var row = new long[length];
            for (var position = 0; position < length; position++, number /= states)
                row[position] = number % states;
            return row;
        });

    private static long[] Row(MarkovRows rows, int index)
    {
        var row = new long[rows.Length];
        rows.Read(0, index, row, new bool[rows.Length]);
        return row;
    }
}
