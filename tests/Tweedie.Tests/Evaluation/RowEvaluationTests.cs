using Tweedie.Evaluation;
using Tweedie.Models;
using Tweedie.Tensors;
using Tweedie.Tests.Models;
using Tweedie.Text;
using Tweedie.Tokens;
using static TorchSharp.torch;

namespace Tweedie.Tests.Evaluation;

/// <summary>The evaluation of untrained generators: of problems, and of new rows beside real ones.</summary>
public sealed class RowEvaluationTests
{
    private static RowGenerator Create(TokenColumns columns)
    {
        var options = new RowGeneratorOptions { Tokens = columns.Count, Denoiser = TinyTextGenerator.Options.Denoiser, Diffusion = new() { Known = new() } };
        return new(options, TokenNetwork.Create(options, columns.VocabularySize), columns);
    }

    [Fact]
    public void Known_tokens_of_problems_stay_and_the_open_ones_are_counted()
    {
        var rows = new SudokuRows(count: 10, size: 4, split: DataSplit.Test);
        using var generator = Create(rows.Columns);
        var (given, own) = (new Answers(), new SolvedRows());

        var result = Evaluator.Evaluate(generator.Model, [EvaluatedRows.Problems(generator, rows, 7)], new EvaluationSettings { Steps = [3], BatchSize = 3 }, [() => given, () => new SolvedProblems(rows)]).Single();

        given.Indices.Should().HaveCount(7).And.BeInAscendingOrder();
        using var scope = NewDisposeScope();
        var (solutions, known) = RowTensors.Read(rows, 0, given.Indices);
        var answers = cat(given.Tokens);
        answers[known!].ShouldEqual(solutions[known!]);
        own.Add(answers, solutions, known!);
        result.Values["exactTokens"].Should().Be(own.Tokens).And.BeInRange(0.01, 0.99);
        result.Values["exactRows"].Should().Be(own.Rows);
    }

    [Fact]
    public void Rows_without_problems_cannot_be_solved()
    {
        var rows = new MarkovRows(count: 4, states: 4, length: 6);
        using var generator = Create(rows.Columns);

        FluentActions.Invoking(() => EvaluatedRows.Problems(generator, rows)).Should().Throw<ArgumentException>().WithMessage("*markov*");
    }

    [Fact]
    public void Real_rows_of_a_law_are_all_legal_and_those_of_an_untrained_generator_are_not()
    {
        var rows = new MarkovRows(count: 400, states: 8, length: 12, branches: 2, split: DataSplit.Test);
        using var generator = Create(rows.Columns);
        var real = RealRows.Of(generator, rows, 50);

        var drawn = Evaluator.Evaluate(generator.Model, [EvaluatedRows.Drawn(generator, 50)],
            new EvaluationSettings { Sampling = generator.Drawing, Temperature = [1, 0.01], Steps = [2] }, [real.Metric]);

        real.Measured.Should().Be(50);
        real.Row.Values["legal"].Should().Be(1);
        real.Row.Values["overlap2"].Should().Be(1, "350 rows have all 16 pairs");
        drawn.Should().HaveCount(2).And.OnlyContain(row => row.Values["legal"] < 0.5 && row.Values["overlap2"] < 0.5);
        drawn.Select(row => row.Metric<GenerationQuality>().Scores.Entropy).Should().OnlyContain(entropy => entropy <= Math.Log(8) + 1e-9);
    }

    [Fact]
    public void Real_rows_are_not_in_the_reference_that_they_are_held_against()
    {
        var rows = new GrammarRows(count: 6, length: 16, split: DataSplit.Test, seed: 5);
        using var generator = Create(rows.Columns);

        var real = RealRows.Of(generator, rows, 100);

        real.Measured.Should().Be(3, "the others are the reference");
        real.Row.Values["overlap3"].Should().BeLessThan(1);
        real.Row.Values["legal"].Should().Be(1);
    }

    [Fact]
    public void Words_of_texts_are_those_that_no_window_has_cut()
    {
        using var generator = TinyTextGenerator.Create();
        using var encoded = EncodedText.Open(new MemoryTextSource("text", "a small dog runs on green grass two big dogs sleep on grass"), generator.Tokenizer);
        var windows = TokenWindows.Consecutive(encoded, 6);

        var real = RealRows.Of(generator, windows, 1);

        var row = new long[6];
        windows.Read(0, 0, row, new bool[6]);
        real.Symbols(row).Should().Equal("small", "dog", "runs", "on");
        real.IsLegal(row).Should().BeFalse("a text has no law");
        real.Row.Values.Should().NotContainKey("legal");
    }

    [Fact]
    public void One_row_is_too_few_to_be_held_against()
    {
        var rows = new MarkovRows(count: 1, states: 4, length: 6);
        using var generator = Create(rows.Columns);

        FluentActions.Invoking(() => RealRows.Of(generator, rows, 5)).Should().Throw<TweedieException>().WithMessage("*markov*1 row*");
    }

    // Keeps what was predicted.
    private sealed class Answers : IMetric
    {
        public List<int> Indices { get; } = [];

        public List<Tensor> Tokens { get; } = [];

        public void Add(PredictedBatch batch)
        {
            Indices.AddRange(batch.Indices);
            Tokens.Add(batch.Tokens.clone().DetachFromDisposeScope());
        }

        public IReadOnlyDictionary<string, double> Values() => new Dictionary<string, double>();
    }
}
