namespace Tweedie.Tokens;

/// <summary>
/// Generated rows of a Markov chain: the first token is uniform over the states, and each further one depends on the one before it. Each state has few successors,
/// with random probabilities, so most rows are illegal. States and probabilities follow from the seed.
/// </summary>
public sealed class MarkovRows : GeneratedRows
{
    private const long ChainStream = -1; // no split has this number

    private readonly double[][] _transitions;
    private readonly (int[] States, double[] Probabilities)[] _successors;

    /// <summary>Creates rows.</summary>
    /// <param name="count">The number of rows, at least 1.</param>
    /// <param name="states">The number of states K, 2 to 1,024.</param>
    /// <param name="length">The number of tokens per row, 2 to 1,024.</param>
    /// <param name="branches">The number of successors per state, 1 to <paramref name="states"/>.</param>
    /// <param name="split">The split.</param>
    /// <param name="seed">The seed of the chain and of the rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public MarkovRows(int count, int states = 16, int length = 32, int branches = 3, DataSplit split = DataSplit.Train, long seed = 0)
        : base("markov", Positions(states, length), count, split, seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(branches, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(branches, states);
        _successors = [.. Enumerable.Range(0, states).Select(state => Successors(states, branches, new SampleRandom(Seeds.Derive(seed, SeedPurpose.Generate, ChainStream, state))))];
        _transitions = [.. _successors.Select(next => Row(states, next.States, next.Probabilities))];
        Entropy = ExactEntropy();
    }

    /// <inheritdoc/>
    public override double? Entropy { get; }

    /// <summary>The probability of each state after each state.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Transitions => _transitions;

    /// <summary>The logarithm of a row's probability, in nats; negative infinity for an illegal row.</summary>
    /// <exception cref="ArgumentException">The row has another length.</exception>
    public double LogProbability(ReadOnlySpan<long> row)
    {
        if (!IsLegal(row))
            return double.NegativeInfinity;
        var sum = -Math.Log(VocabularySize);
        for (var position = 1; position < row.Length; position++)
            sum += Math.Log(_transitions[row[position - 1]][row[position]]);
        return sum;
    }

    private protected override bool HasLaw(ReadOnlySpan<long> row)
    {
        for (var position = 1; position < row.Length; position++)
            if (_transitions[row[position - 1]][row[position]] == 0)
                return false;
        return true;
    }

    private protected override void Draw(SampleRandom random, Span<long> row)
    {
        row[0] = random.NextInt(VocabularySize);
        for (var position = 1; position < row.Length; position++)
        {
            var (states, probabilities) = _successors[row[position - 1]];
            row[position] = states[Categorical.Draw(probabilities, random)];
        }
    }

    // The chain rule: the entropy of the first token and that of each next one, given the distribution of the one before it.
    private double ExactEntropy()
    {
        var states = VocabularySize;
        var ofState = _successors.Select(next => -next.Probabilities.Sum(probability => probability * Math.Log(probability))).ToArray();
        var distribution = Enumerable.Repeat(1.0 / states, states).ToArray();
        var entropy = Math.Log(states);
        for (var position = 1; position < Length; position++)
        {
            entropy += distribution.Zip(ofState, (probability, nats) => probability * nats).Sum();
            var next = new double[states];
            for (var from = 0; from < states; from++)
                foreach (var (to, probability) in _successors[from].States.Zip(_successors[from].Probabilities))
                    next[to] += distribution[from] * probability;
            distribution = next;
        }
        return entropy;
    }

    // The probabilities are shares of exponential numbers, which are uniform over all distributions.
    private static (int[] States, double[] Probabilities) Successors(int states, int branches, SampleRandom random)
    {
        var order = Enumerable.Range(0, states).ToArray();
        random.Shuffle<int>(order);
        var weights = Enumerable.Range(0, branches).Select(_ => -Math.Log(1 - random.NextDouble())).ToArray();
        var sum = weights.Sum();
        return (order[..branches], [.. weights.Select(weight => weight / sum)]);
    }

    private static double[] Row(int states, int[] next, double[] probabilities)
    {
        var row = new double[states];
        foreach (var (state, probability) in next.Zip(probabilities))
            row[state] = probability;
        return row;
    }

    private static TokenColumns Positions(int states, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(states, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(states, 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, 1024);
        return Shared(Enumerable.Range(1, length).Select(position => $"{position}"), [.. Enumerable.Range(0, states).Select(state => $"s{state}")]);
    }
}
