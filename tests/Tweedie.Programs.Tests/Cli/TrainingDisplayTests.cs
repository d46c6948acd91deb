using Spectre.Console;
using Tweedie.Cli.Output;
using Tweedie.Images;
using Tweedie.Training;

namespace Tweedie.Tests.Cli;

/// <summary>What a person sees of a training on a terminal of any width, and what a pipe gets.</summary>
public sealed class TrainingDisplayTests
{
    private const string Step1 = "epoch 1/2  step 20/40  loss 1.2346  1235 images/s  8s left  lr 0.00125";
    private const string Evaluation = "epoch 1/2  held out: top1.1steps.last 91.25 %  validationLoss 0.5000";

    private static readonly TrainingProgress Start = new(1, 2, 0, 40, 0, 0, 0, 0, TimeSpan.Zero) { IsStart = true };
    private static readonly TrainingProgress Step = Start with { IsStart = false, Step = 20, Loss = 1.23456, LearningRate = 0.00125, ImagesPerSecond = 1235, Remaining = TimeSpan.FromSeconds(8) };
    private static readonly TrainingProgress Evaluated = Step with { Metrics = new Dictionary<string, double> { ["top1.1steps.last"] = 0.9125, ["validationLoss"] = 0.5 } };

    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    [InlineData(200)]
    public void On_a_terminal_a_live_line_is_one_line_and_ends_before_another_begins(int width)
    {
        var screen = new FakeScreen(width);
        using (var line = new LiveLine(screen.Terminal))
        {
            var display = new TrainingDisplay(line, ["run: a model"]);
            display.Report(Start);
            display.Report(Step with { Step = 10 });
            display.Report(Step);

            screen.Lines.Should().HaveCount(2);
            screen.Lines[0].Should().Be("run: a model");
            screen.Lines[1].Should().Be(width > Step1.Length ? Step1 : Step1[..(width - 2)].TrimEnd() + "…");
            display.Report(Evaluated);
            string.Concat(screen.Lines.Skip(1)).Replace(" ", "", StringComparison.Ordinal).Should().Be(Evaluation.Replace(" ", "", StringComparison.Ordinal), "nothing is left of the live line");
            display.Report(Step);
        }
        screen.Lines[^1].Should().BeEmpty("the last live line is gone");
        screen.Written.Should().NotContain("\u001b");
    }

    [Fact]
    public void A_pipe_gets_whole_lines_with_the_time_now_and_then()
    {
        var (screen, clock) = (new FakeScreen(width: null), new FakeClock());
        using (var line = new LiveLine(screen.Terminal, time: clock))
        {
            var display = new TrainingDisplay(line, [$"run: {new string('x', 300)}"]);
            display.Report(Start);
            display.Report(Step);
            clock.Pass(TimeSpan.FromSeconds(3));
            display.Report(Step with { Step = 21 });
            clock.Pass(TimeSpan.FromSeconds(7));
            display.Report(Step with { Step = 22 });
            display.Report(Evaluated);
        }
        screen.Written.Should().Be(string.Concat(
            $"2026-03-04 05:06:07  run: {new string('x', 300)}\n", $"2026-03-04 05:06:07  {Step1}\n",
            $"2026-03-04 05:06:17  {Step1.Replace("step 20", "step 22", StringComparison.Ordinal)}\n", $"2026-03-04 05:06:17  {Evaluation}\n"));
    }

    [Fact]
    public void A_warning_does_not_stand_behind_the_live_line()
    {
        var (screen, errors) = (new FakeScreen(60), new StringWriter());
        using var line = new LiveLine(screen.Terminal);
        var display = new TrainingDisplay(line, errors: errors);

        display.Report(Step);
        display.Report(Step with { Warning = "a file is bad" });

        errors.ToString().Should().Be("warning: a file is bad\n");
        screen.Lines.Should().Equal("");
    }

    [Fact]
    public void Workers_lines_are_whole_lines_in_a_pipe()
    {
        var (screen, clock, lasting) = (new FakeScreen(width: null), new FakeClock(), new StringWriter());
        using var line = new LiveLine(screen.Terminal, time: clock);

        line.Relay("\u0001step 1", lasting, "tdd");
        line.Relay("\u0001step 1", lasting, "linear");
        line.Relay("\u0001step 2", lasting, "tdd");
        line.Relay("done", lasting, "tdd");

        screen.Written.Should().Be("2026-03-04 05:06:07  [tdd] step 1\n2026-03-04 05:06:07  [linear] step 1\n");
        lasting.ToString().Should().Be("done\n");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_pipe_and_a_terminal_without_colours_get_no_codes_and_no_picture(bool isTerminal)
    {
        var written = new StringWriter();
        var console = new Terminal(written, isTerminal, isPlain: true, () => 60).CreateConsole();

        console.Write(new Markup("[red bold]red[/]"));
        console.WriteLine();
        ImagePicture.Print(console, new RasterImage(2, 2, 3, new byte[12]));

        written.ToString().Should().Be("red\n");
    }

    [Fact]
    public void A_pipe_does_not_wrap_and_a_terminal_does()
    {
        var text = string.Join(' ', Enumerable.Repeat("word", 100));
        var (pipe, narrow) = (new FakeScreen(width: null), new FakeScreen(60));

        pipe.Terminal.CreateConsole().WriteLine(text);
        narrow.Terminal.CreateConsole().WriteLine(text);

        pipe.Written.Should().Be(text + "\n");
        narrow.Written.Split('\n').Should().OnlyContain(line => line.Length <= 60).And.HaveCountGreaterThan(5);
    }

    [Theory]
    [InlineData(KeptModel.Best, "saved runs/a/model, the best model; the last one is runs/a/model-last")]
    [InlineData(KeptModel.Last, "saved runs/a/model, the last model; the best one is runs/a/model-best")]
    public void The_totals_end_a_training(KeptModel keep, string saved)
    {
        var config = new ClassificationRun { Data = new DataOptions { Train = "my data" }, Training = new TrainingOptions { Epochs = 3 }, Evaluation = new EvaluationOptions { Keep = keep } };
        var outcome = new TrainingOutcome(new Dictionary<string, double>(), new BestEvaluation { Metric = "top1.20steps.last", Value = 0.75, Step = 1200 }, 6000, TimeSpan.FromSeconds(12));

        TrainingTotals.Lines(new RunFolder("runs/a"), config, outcome).Should().Equal(
            "trained 3 epochs, 6,000 images in 12s (500 images/s)", "best evaluation: top1.20steps.last 75.00 % after step 1,200", saved,
            "next: tweedie eval --model runs/a --data 'my data'");
        TrainingTotals.Lines(new RunFolder("runs/a"), new ClipRun(), outcome with { Best = null }).Should().HaveCount(3).And.EndWith("next: tweedie info --model runs/a");
    }
}
