using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Tests.Models;
using Tweedie.Tests.Training;
using Tweedie.Tokens;

namespace Tweedie.Tests.Cli;

/// <summary><c>tweedie generate</c> and <c>tweedie fill</c>, of untrained generators.</summary>
public sealed class GenerateCommandTests(GenerateCommandTests.Folders folders) : IClassFixture<GenerateCommandTests.Folders>
{
    [Fact]
    public void Texts_begin_with_the_prompt_and_the_result_says_what_it_comes_from()
    {
        var run = CommandLine.Run("generate", "--model", folders.Text, "--prompt", "two big", "--count", "3", "--steps", "3", "--temperature", "0.7", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        var json = run.Json();
        var texts = json.GetProperty("result").GetProperty("texts").EnumerateArray().Select(text => text.GetString()!).ToList();
        texts.Should().HaveCount(3).And.OnlyContain(text => text.StartsWith("two big"));
        texts.Should().OnlyContain(text => run.Error.Contains(text), "people see them too");
        json.GetProperty("settings").GetProperty("temperature").GetDouble().Should().Be(0.7);
        json.GetProperty("asked").GetProperty("prompt").GetString().Should().Be("two big");
        json.GetProperty("origin").GetProperty("model").GetProperty("weights").GetString().Should().StartWith("sha256:");
    }

    [Fact]
    public void A_trace_says_in_which_step_each_token_settled()
    {
        var run = CommandLine.Run("fill", "--model", folders.Text, "a [__] dog", "--steps", "4", "--trace", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("step 1 of 4", "step 4 of 4");
        var tokens = run.Json().GetProperty("result").GetProperty("trace").GetProperty("tokens").EnumerateArray().ToList();
        tokens.Select(token => token.GetProperty("settled").GetInt32()).Should().Match<IEnumerable<int>>(settled => settled.First() == 0 && settled.Last() == 0 && settled.Count(step => step > 0) == 2);
    }

    [Fact]
    public void Rows_are_printed_as_csv_and_what_is_known_stays()
    {
        var drawn = CommandLine.Run("generate", "--model", folders.Rows, "--count", "2");
        drawn.ExitCode.Should().Be(0, drawn.Error);
        drawn.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().HaveCount(3).And.StartWith("size,colour");

        var table = folders.Write("rows.csv", "size,colour\nbig,\n,\"red, dark\"\n");
        var filled = CommandLine.Run("fill", "--model", folders.Rows, "--data", table);
        filled.ExitCode.Should().Be(0, filled.Error);
        var lines = filled.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[1].Should().StartWith("big,").And.NotEndWith(",");
        lines[2].Should().EndWith("\"red, dark\"").And.NotStartWith(",");
    }

    [Fact]
    public void Eval_measures_a_text_generators_likelihood_and_its_texts_beside_real_ones()
    {
        var text = folders.Write("text.txt", string.Concat(Enumerable.Repeat("a small dog runs on green grass. two big dogs sleep. ", 6)));

        var run = CommandLine.Run("eval", "--model", folders.Text, "--data", text, "--count", "4", "--steps", "2,3", "--temperature", "0.5,1", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("at most", "bits per character", "2-grams real", "real");
        var json = run.Json();
        json.GetProperty("likelihood").GetProperty("bitsPerCharacter").GetDouble().Should().BePositive();
        var results = json.GetProperty("results").EnumerateArray().ToList();
        results.Should().HaveCount(5);
        results[0].GetProperty("name").GetString().Should().Be("real");
        results[0].GetProperty("overlap1").GetDouble().Should().Be(1);
        results.Skip(1).Select(row => (row.GetProperty("steps").GetInt32(), row.GetProperty("temperature").GetDouble())).Should().Equal((2, 0.5), (2, 1), (3, 0.5), (3, 1));
        results.Should().OnlyContain(row => row.GetProperty("entropy").GetDouble() >= 0);
    }

    [Fact]
    public void Eval_fills_gaps_of_a_text()
    {
        var text = folders.Write("gaps.txt", string.Concat(Enumerable.Repeat("a small dog runs on green grass. two big dogs sleep. ", 6)));

        var run = CommandLine.Run("eval", "--model", folders.Text, "--data", text, "--gap", "2", "--limit", "3", "--steps", "2", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("at most", "open tokens right", "given the known ones");
        run.Json().GetProperty("likelihood").GetProperty("tokens").GetInt32().Should().Be(6, "three gaps have two tokens each");
        run.Json().GetProperty("results")[0].GetProperty("exactTokens").GetDouble().Should().BeInRange(0, 1);
    }

    [Fact]
    public void Eval_counts_the_puzzles_that_are_solved()
    {
        var run = CommandLine.Run("eval", "--model", folders.Sudoku, "--data", "sudoku:size=4,test=6", "--steps", "1,3", "--limit", "4", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("rows solved", "open tokens right").And.NotContain("guidance");
        var json = run.Json();
        json.GetProperty("likelihood").GetProperty("natsPerToken").GetProperty("value").GetDouble().Should().BePositive("the network sees known tokens");
        json.GetProperty("results").EnumerateArray().Should().HaveCount(2).And.OnlyContain(row => row.GetProperty("exactTokens").GetDouble() < 1);
    }

    public static TheoryData<string, string[], string> Mistakes => new()
    {
        { nameof(Folders.Text), ["generate", "--guidance", "2"], "--guidance" },
        { nameof(Folders.Text), ["generate", "--prompt", "a purple dog"], "'purple': is not in the model's vocabulary" },
        { nameof(Folders.Text), ["generate", "--prompt", "a small dog runs on green grass"], "prompt has 7 tokens" },
        { nameof(Folders.Text), ["generate", "--length", "0"], "--length = 0: must be at least 1" },
        { nameof(Folders.Text), ["generate", "--length", "20", "--trace"], "--trace shows one part" },
        { nameof(Folders.Text), ["fill"], "Give a TEXT" },
        { nameof(Folders.Text), ["fill", "a dog"], "no gap" },
        { nameof(Folders.Text), ["fill", "a [_]", "--data", "x.csv"], "--data does not apply to a textGenerator" },
        { nameof(Folders.Rows), ["generate", "--prompt", "a"], "--prompt does not apply to a rowGenerator" },
        { nameof(Folders.Rows), ["fill"], "Give --data" },
        { nameof(Folders.Rows), ["fill", "a [_]"], "'a [_]' is a text" },
        { nameof(Folders.Rows), ["fill", "--data", "missing.csv"], "missing.csv" },
        { nameof(Folders.Captions), ["generate"], "kind captioner" },
        { nameof(Folders.Rows), ["calibrate", "--data", "sudoku:size=4"], "kind rowGenerator" },
        { nameof(Folders.Rows), ["eval", "--data", "markov:states=4,length=6,test=4"], "rows of 6 tokens" },
        { nameof(Folders.Rows), ["eval", "--data", "x.csv", "--guidance", "2"], "--guidance does not apply to a rowGenerator" },
        { nameof(Folders.Rows), ["eval", "--data", "x.csv", "--holdout", "0.1"], "--holdout does not apply to a rowGenerator" },
        { nameof(Folders.Text), ["eval", "--data", "missing.txt"], "missing.txt" },
        { nameof(Folders.Text), ["eval", "--data", "missing.txt", "--report", "r"], "--report does not apply to a textGenerator" },
        { nameof(Folders.Text), ["eval", "--data", "x.txt", "--draws", "3"], "give --choose too" },
        { nameof(Folders.Text), ["eval", "--data", "x.txt", "--draws", "3", "--choose", "likelihood"], "--choose likelihood needs the exact likelihood" },
        { nameof(Folders.Text), ["eval", "--data", "text.txt", "--gap", "2", "--count", "3"], "--gap fills those of the data" },
        { nameof(Folders.Rows), ["eval", "--data", "x.csv", "--gap", "1"], "--gap does not apply to a rowGenerator" },
        { nameof(Folders.Captions), ["eval", "--data", "scenes:test=2", "--count", "3"], "--count does not apply to a captioner" },
        { nameof(Folders.Captions), ["eval", "--data", "scenes:test=2", "--draws", "3", "--choose", "judge"], "--choose judge: needs a CLIP; give its folder by --judge DIR" },
        { nameof(Folders.Captions), ["eval", "--data", "scenes:test=2", "--judge", "clip"], "--judge clip: is for --choose judge" },
        { nameof(Folders.Captions), ["caption", "x.png", "--count", "3", "--choose", "judge", "--judge", "missing"], "missing" },
        { nameof(Folders.Text), ["eval", "--data", "x.txt", "--judge", "clip"], "--judge does not apply to a textGenerator" },
        { nameof(Folders.Sudoku), ["eval", "--data", "sudoku:size=4,test=4", "--count", "3"], "--count generates new rows" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_line(string model, string[] arguments, string message)
    {
        var folder = model switch { nameof(Folders.Text) => folders.Text, nameof(Folders.Rows) => folders.Rows, nameof(Folders.Sudoku) => folders.Sudoku, _ => folders.Captions };
        var run = CommandLine.Run([.. arguments, "--model", folder]);

        run.ExitCode.Should().NotBe(0);
        run.Error.Should().Contain(message).And.StartWith("error: ");
        run.Output.Should().BeEmpty();
    }

    [Fact]
    public void Attributes_of_images_are_predicted_and_measured()
    {
        var picture = folders.File("scene.png");
        ImageWriter.Save(new SceneSource(1).Read(0), picture);

        var run = CommandLine.Run("annotate", "--model", folders.Attributes, picture, "--known", "topleft COLOR=red", "--steps", "2", "--json", "-");

        run.ExitCode.Should().Be(0, run.Error);
        run.Error.Should().ContainAll("TopLeft color  ", "red  100.00 %");
        run.Json().GetProperty("images")[0].GetProperty("attributes").EnumerateArray().Should().HaveCount(12);
        var eval = CommandLine.Run("eval", "--model", folders.Attributes, "--data", "scenes:test=4", "--steps", "1,2", "--guidance", "1,2");
        eval.ExitCode.Should().Be(0, eval.Error);
        eval.Output.Should().ContainAll("tdd annotator, 4 images", "rows solved", "open tokens right");
        CommandLine.Run("info", "--model", folders.Attributes).Output.Should().Contain("tdd annotator, 12 tokens among");
        CommandLine.Run("annotate", "--model", folders.Attributes, picture, "--known", "color=red").ShouldBeOneLineError(1, "no attribute 'color'", "TopLeft color");
        CommandLine.Run("annotate", "--model", folders.Attributes, picture, "--known", "TopLeft color=mauve").ShouldBeOneLineError(1, "'mauve'", "red");
        CommandLine.Run("annotate", "--model", folders.Attributes, picture, "--known", "TopLeft color=red", "--known", "topleft color=blue").ShouldBeOneLineError(2, "TopLeft color is given twice");
        CommandLine.Run("compare", "--model", folders.Attributes, "--model", folders.Attributes, "--data", "scenes:test=4").ShouldBeOneLineError(1, "kind annotator", "'tweedie eval'");
        CommandLine.Run("annotate", "--model", folders.Attributes, picture, "--known", "red").ShouldBeOneLineError(2, "--known red", "NAME=ENTRY");
        CommandLine.Run("annotate", "--model", folders.Rows, picture).ShouldBeOneLineError(1, "rowGenerator");
        CommandLine.Run("eval", "--model", folders.Attributes, "--data", "scenes:test=4", "--draws", "2").ShouldBeOneLineError(2, "--draws does not apply to an annotator");
    }

    [Fact]
    public void Info_describes_generators()
    {
        CommandLine.Run("info", "--model", folders.Text).Output.Should().Contain("tdd text generator, 6 tokens among");
        CommandLine.Run("info", "--model", folders.Rows).Output.Should().Contain("tdd row generator, 2 tokens among 2");
    }

    /// <summary>The models' folders.</summary>
    public sealed class Folders : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Folders()
        {
            using var text = TinyTextGenerator.Create();
            text.Save(Text);
            using var captioner = TinyCaptioner.Create();
            captioner.Save(Captions);
            var columns = new TokenColumns([new("size", ["small", "big"]), new("colour", ["red, dark", "blue"])]);
            var options = new RowGeneratorOptions { Tokens = 2, Denoiser = TinyTextGenerator.Options.Denoiser, Diffusion = new() { Known = new() } };
            using var rows = new RowGenerator(options, TokenNetwork.Create(options, columns.VocabularySize), columns);
            rows.Save(Rows);
            var grid = new SudokuRows(count: 1, size: 4).Columns;
            var boards = options with { Tokens = grid.Count };
            using var sudoku = new RowGenerator(boards, TokenNetwork.Create(boards, grid.VocabularySize), grid);
            sudoku.Save(Sudoku);
            var attributes = AnnotatedSources.Open("scenes:count=1", DataSplit.Train).Columns;
            var scene = new AnnotatorOptions { Tokens = attributes.Count, Encoder = TinyRun.Encoder, Denoiser = TinyRun.Denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.5, 0.5, 0.5] };
            using var annotator = new ImageAnnotator(scene, TokenNetwork.Create(scene, attributes.VocabularySize), attributes);
            annotator.Save(Attributes);
        }

        public string Attributes => File("attributes");

        public string File(string name) => _folder.File(name);

        public string Sudoku => _folder.File("sudoku");

        public string Text => _folder.File("text");

        public string Rows => _folder.File("rows");

        public string Captions => _folder.File("captions");

        public string Write(string name, string content)
        {
            System.IO.File.WriteAllText(_folder.File(name), content);
            return _folder.File(name);
        }

        public void Dispose() => _folder.Dispose();
    }
}
