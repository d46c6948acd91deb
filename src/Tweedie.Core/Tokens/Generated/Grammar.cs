using System.Collections.Concurrent;

namespace Tweedie.Tokens;

/// <summary>
/// A context-free grammar whose sentences up to a length are counted, drawn uniformly and recognised. It must be unambiguous: each sentence has one derivation.
/// No symbol derives the empty sentence.
/// </summary>
internal sealed class Grammar
{
    private readonly Dictionary<string, string[][]> _rules;
    private readonly ConcurrentDictionary<(string Symbol, int Length), double> _counts = [];

    /// <summary>Reads rules, of which the first one's left side is the start.</summary>
    /// <param name="rules">Lines as <c>S → A B | C</c>; what is no left side is a word.</param>
    public Grammar(IReadOnlyList<string> rules)
    {
        var split = rules.Select(rule => rule.Split(" → ")).ToArray();
        (Start, _rules) = (split[0][0], split.ToDictionary(rule => rule[0], rule => rule[1].Split(" | ").Select(part => part.Split(' ')).ToArray()));
        Words = [.. _rules.Values.SelectMany(options => options).SelectMany(symbols => symbols).Where(symbol => !_rules.ContainsKey(symbol)).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>The symbol of a sentence.</summary>
    public string Start { get; }

    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>The number of sentences of a length; exact up to 2⁵³.</summary>
    public double Count(int length) => CountOf(Start, length);

    /// <summary>A sentence of a length, uniform over all of them. There must be one.</summary>
    public IReadOnlyList<string> Draw(int length, SampleRandom random)
    {
        var words = new List<string>(length);
        Draw(Start, length, random, words);
        return words;
    }

    /// <summary>The number of derivations of a sentence: 1 for each sentence of an unambiguous grammar, 0 where the words are none.</summary>
    public double CountDerivations(IReadOnlyList<string> words) => words.Count == 0 ? 0 : Derivations(Start, 0, words.Count, words, []);

    private double CountOf(string symbol, int length)
    {
        if (!_rules.TryGetValue(symbol, out var options))
            return length == 1 ? 1 : 0;
        if (_counts.TryGetValue((symbol, length), out var known))
            return known;
        return _counts[(symbol, length)] = options.Sum(symbols => CountOf(symbols, length));
    }

    private double CountOf(ReadOnlySpan<string> symbols, int length)
    {
        if (symbols.Length == 1)
            return CountOf(symbols[0], length);
        var sum = 0.0;
        for (var first = 1; first <= length - symbols.Length + 1; first++)
            if (CountOf(symbols[0], first) is > 0 and var count)
                sum += count * CountOf(symbols[1..], length - first);
        return sum;
    }

    private void Draw(string symbol, int length, SampleRandom random, List<string> words)
    {
        if (!_rules.TryGetValue(symbol, out var options))
        {
            words.Add(symbol);
            return;
        }
        ReadOnlySpan<string> symbols = options[Categorical.Draw([.. options.Select(option => CountOf(option, length))], random)];
        while (symbols.Length > 1)
        {
            var weights = new double[length - symbols.Length + 1];
            for (var first = 1; first <= weights.Length; first++)
                weights[first - 1] = CountOf(symbols[0], first) * CountOf(symbols[1..], length - first);
            var own = Categorical.Draw(weights, random) + 1;
            Draw(symbols[0], own, random, words);
            symbols = symbols[1..];
            length -= own;
        }
        Draw(symbols[0], length, random, words);
    }

    private double Derivations(string symbol, int start, int length, IReadOnlyList<string> words, Dictionary<(string Symbol, int Start, int Length), double> known)
    {
        if (!_rules.TryGetValue(symbol, out var options))
            return length == 1 && words[start] == symbol ? 1 : 0;
        if (known.TryGetValue((symbol, start, length), out var count))
            return count;
        return known[(symbol, start, length)] = options.Sum(symbols => Derivations(symbols, start, length, words, known));
    }

    private double Derivations(ReadOnlySpan<string> symbols, int start, int length, IReadOnlyList<string> words, Dictionary<(string Symbol, int Start, int Length), double> known)
    {
        if (symbols.Length == 1)
            return Derivations(symbols[0], start, length, words, known);
        var sum = 0.0;
        for (var first = 1; first <= length - symbols.Length + 1; first++)
            if (Derivations(symbols[0], start, first, words, known) is > 0 and var count)
                sum += count * Derivations(symbols[1..], start + first, length - first, words, known);
        return sum;
    }
}
