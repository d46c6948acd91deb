using System.ComponentModel.DataAnnotations;
using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Training;

namespace Tweedie.Tests.Training;

/// <summary>Trainings of texts and of rows of tokens, from the data to the saved model.</summary>
[Collection(GlobalState.Name)]
public sealed class RowTrainingTests : IDisposable
{
    private static readonly DiffusionOptions Evidence = new() { Schedule = ScheduleKind.LogSnr, LogSnrMin = -3, LogSnrMax = 5, Timesteps = 50, Prediction = PredictionKind.Evidence };

    private readonly TemporaryFolder _texts = new();
    private readonly TrainingFolder _folder = new();

    private TextRun Text(TokenMethod method, string? content = null) => new()
    {
        Data = new() { Train = Write("text.txt", content ?? string.Concat(Enumerable.Repeat("ababab abab ba. ", 60))), Holdout = 0.2, Cache = _texts.File("cache") },
        Model = new() { Method = method, Tokens = 8, Denoiser = TinyRun.Denoiser, Diffusion = method == TokenMethod.Tdd ? Evidence with { Known = new() } : new() },
        Training = new TextRun().Training with { Epochs = 6, BatchSize = 12, WarmupEpochs = 0, LogEvery = 1, LearningRate = 0.2, EmaDecay = 0.5, TokenLevels = method == TokenMethod.Tdd ? 0.5 : 0 },
        Evaluation = new() { EveryEpochs = 2, BatchSize = 16 },
    };

    private static TokensRun Sudoku(TokenMethod method) => new()
    {
        Data = new() { Train = "sudoku:size=4,count=60,val=20", HoldoutRows = 20 },
        Model = new() { Method = method, Denoiser = TinyRun.Denoiser, Diffusion = method == TokenMethod.Tdd ? Evidence : new(), Sampling = method == TokenMethod.Ar ? null : new() { Steps = 4 } },
        Training = new TokensRun().Training with { Epochs = 2, BatchSize = 20, WarmupEpochs = 0, LogEvery = 1 },
        Evaluation = new() { EveryEpochs = 1, BatchSize = 8 },
    };

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void A_text_generator_learns_and_is_saved(TokenMethod method)
    {
        var reports = new Reports();
        var numbers = _folder.Train(Text(method), reports: reports);

        numbers.Keys.Should().BeEquivalentTo("bitsPerCharacter", "natsPerToken", "validationLoss");
        numbers["bitsPerCharacter"].Should().BeApproximately(numbers["natsPerToken"] / Math.Log(2), 1e-9, "a token is a character");
        numbers["natsPerToken"].Should().BeLessThan(Math.Log(4), "the text has four characters, and they are not equally likely");
        using var generator = TextGenerator.Load(_folder.Run.Model);
        generator.Tokenizer.VocabularySize.Should().Be(5, "there are four characters and a token between documents");
        generator.Generate(prompt: "ab", length: 12).Single().Should().StartWith("ab").And.HaveLength(12);
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void A_row_generator_trains_on_puzzles_and_is_saved(TokenMethod method)
    {
        var numbers = _folder.Train(Sudoku(method));

        numbers.Keys.Should().BeEquivalentTo("exactRows", "exactTokens", "validationLoss");
        numbers["exactTokens"].Should().BeInRange(0.1, 0.6, "one in four is right by chance");
        using var generator = RowGenerator.Load(_folder.Run.Model);
        generator.Columns.Should().HaveCount(16);
        (generator.Options.Diffusion.Known is not null).Should().Be(method == TokenMethod.Tdd, "the clues of a puzzle are known");
        var problem = Enumerable.Repeat(-1L, 16).ToArray();
        (problem[3], problem[7]) = (2, 0);
        generator.Fill([problem]).Single().Should().Match<long[]>(row => row[3] == 2 && row[7] == 0 && row.All(token => token >= 0 && token < 4));
        generator.Generate(3).Should().HaveCount(3);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stopped_training_goes_on_to_the_same_weights(bool text)
    {
        RunConfig config = text ? Text(TokenMethod.Tdd) : Sudoku(TokenMethod.Mdd);
        _folder.Train(config);
        var whole = _folder.Weights();
        using var stopped = new TrainingFolder();
        stopped.TrainUntil(3, config);
        stopped.Train(config, resume: true);

        stopped.Weights().Should().BeEquivalentTo(whole);
    }

    [Fact]
    public void The_likelihood_of_rows_without_a_problem_is_measured()
    {
        var run = Sudoku(TokenMethod.Mdd) with { Data = new() { Train = "markov:states=4,length=6,branches=2,count=60,val=20" } };
        _folder.Train(run).Keys.Should().BeEquivalentTo("natsPerToken", "validationLoss");
    }

    public static TheoryData<Func<RowTrainingTests, RunConfig>, string> Mistakes => new()
    {
        { tests => tests.Text(TokenMethod.Tdd, "ab"), "*text.txt*" },
        { tests => tests.Text(TokenMethod.Tdd, ""), "*text.txt*" },
        { tests => tests.Text(TokenMethod.Tdd, new string('a', 400) + "b"), "*'b'*characters*unknown*" },
        { tests => tests.Text(TokenMethod.Tdd) with { Data = new() { Train = tests._texts.File("missing.txt") } }, "*missing.txt*" },
        { _ => Sudoku(TokenMethod.Tdd) with { Data = new() { Train = "sudoku:size=4", Problem = "quizzes" } }, "*generated rows are not read from a file*leave them out*" },
        { _ => Sudoku(TokenMethod.Tdd) with { Data = new() { Train = "sudoku:size=4,count=60", Held = "sudoku:size=6" } }, "*rows of 36 tokens among 6, and the model has 16 among 4*" },
        { _ => Sudoku(TokenMethod.Tdd) with { Data = new() { Train = "sudoku:size=5" } }, "*size is 5*4, 6 or 9*" },
        { tests => Sudoku(TokenMethod.Tdd) with { Data = new() { Train = tests.Write("t.csv", "a,b\n1,2\n1,\n") } }, "*t.csv*2 rows, fewer than training.batchSize = 20*" },
        { tests => Sudoku(TokenMethod.Tdd) with { Data = new() { Train = tests.Write("t.csv", "a,b\n" + string.Concat(Enumerable.Repeat("1,2\n1,\n", 10))) } }, "*t.csv*no token at place 2*whole rows*" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Data_that_cannot_be_trained_on_are_one_line(Func<RowTrainingTests, RunConfig> run, string message) =>
        FluentActions.Invoking(() => _folder.Train(run(this))).Should().Throw<TweedieException>().WithMessage(message).Which.Message.Should().NotContain("\n");

    [Fact]
    public void Options_that_do_not_go_together_are_named()
    {
        var text = Text(TokenMethod.Ar);
        Problems(text with { Training = text.Training with { Reuse = 2 } }).Should().ContainSingle().Which.Should().Contain("training.reuse = 2");
        Problems(text with { Training = text.Training with { ConditionDropout = 0.1 } }).Should().ContainSingle().Which.Should().Contain("conditionDropout");
        Problems(text with { Model = text.Model with { Diffusion = new() { Known = new() } } }).Should().ContainSingle().Which.Should().Contain("model.diffusion.known");
        Problems(text).Should().BeEmpty();

        static IEnumerable<string> Problems(TextRun run) => run.Validate(new ValidationContext(run)).Select(problem => problem.ErrorMessage!);
    }

    private string Write(string name, string content)
    {
        var path = _texts.File(name);
        File.WriteAllText(path, content);
        return path;
    }

    public void Dispose()
    {
        _texts.Dispose();
        _folder.Dispose();
    }
}
