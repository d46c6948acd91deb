using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>The card that a training writes into the folder of its model.</summary>
[Collection(GlobalState.Name)]
public sealed class ModelCardTests : IDisposable
{
    private readonly TrainingFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Page => Path.Combine(_folder.Run.Model, ModelCard.FileName);

    [Fact]
    public void A_training_describes_its_model()
    {
        var config = TinyRun.Config with { DataLicense = "CC0 | <none>" };
        var metrics = _folder.Train(config);

        var card = ModelCard.Read(_folder.Run.Path)!;
        card.Kind.Should().Be(ModelFolder.Classifier);
        card.Weights.Should().Be(ModelFolder.HashOf(_folder.Run.Model));
        card.Data.Should().BeEquivalentTo(new TrainingData
        {
            Train = card.Data!.Train,
            Items = 116 - 20,
            Unit = "images",
            Held = card.Data.Held,
            HeldItems = 20,
            HeldFrom = DataSplit.Train,
            License = "CC0 | <none>",
        });
        card.Data.Train.Should().Contain("shapes");
        (card.Training!.Task, card.Training.Seed, card.Training.Steps, card.Training.BatchSize, card.Training.StepsPerEpoch).Should().Be(("classification", 3, TinyRun.Steps, 16, TinyRun.StepsPerEpoch));
        card.Training.Seconds.Should().BePositive();
        card.Scores.Should().BeEquivalentTo(metrics.ToDictionary(metric => metric.Key, metric => (double?)metric.Value));
        card.ChosenBy.Should().Be("top1.3steps.consensus");
        card.Settings.Should().Contain("training.learningRate", "0.05").And.Contain("data.train", config.Data.Train).And.NotContainKey("seed").And.NotContainKey("dataLicense");
        card.Calibration.Select(entry => (entry.Value, entry.Images)).Should().Equal(ImageClassifier.ReadCalibration(_folder.Run.Model)!.Settings.Select(setting => (setting.Temperature, setting.Images))).And.NotBeEmpty();
        card.Calibration.Select(entry => entry.Setting).Should().Contain("1 step, last").And.Contain("3 steps, consensus").And.OnlyHaveUniqueItems();
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
        card.Parameters.Values.Sum().Should().Be(classifier.Network.parameters().Sum(parameter => parameter.numel()));

        var page = File.ReadAllText(Page);
        page.Should().Contain("# tdd classifier").And.Contain("ImageClassifier.Load(\"model\")").And.Contain("tweedie classify --model model")
            .And.Contain("| `top1.3steps.consensus` |").And.Contain("96 images of").And.Contain("20 images of").And.Contain("CC0 | &lt;none>.");
        page.Split('\n').Where(line => line.StartsWith('|')).Should().OnlyContain(line => line.EndsWith(" |"), "every row of a table has an end");
    }

    [Fact]
    public void The_best_and_the_last_model_have_cards_of_their_own()
    {
        double[] values = [0.2, 0.6, double.NaN];
        var config = TinyRun.Config.With(training => training with { Epochs = 3 }) with { Evaluation = TinyRun.Config.Evaluation with { Keep = KeptModel.Best } };
        using var task = new AlteredTask(config.CreateTask(CPU)) { Evaluation = number => new Dictionary<string, double> { ["top1.1steps.last"] = values[number - 1] } };
        new Trainer(task, _folder.Run).Run(resume: false);

        var (best, last) = (ModelCard.Read(_folder.Run.Model)!, ModelCard.Read(_folder.Run.LastModel)!);
        (best.Training!.Steps, best.Scores["top1.1steps.last"]).Should().Be((12L, 0.6));
        (last.Training!.Steps, last.Scores["top1.1steps.last"]).Should().Be((18L, null));
        last.ToMarkdown().Should().Contain("| `top1.1steps.last` | not a number |");
        best.Weights.Should().NotBe(last.Weights);
        best.Data.Should().BeNull("the task does not name its data");
    }

    [Fact]
    public void A_model_of_rows_has_a_card_too()
    {
        var numbers = _folder.Train(new TokensRun
        {
            Data = new() { Train = "sudoku:size=4,count=60,val=20", HoldoutRows = 12 },
            Model = new() { Method = TokenMethod.Mdd, Denoiser = TinyRun.Denoiser },
            Training = new TokensRun().Training with { Epochs = 1, BatchSize = 20, WarmupEpochs = 0 },
        });

        var card = ModelCard.Read(_folder.Run.Model)!;
        (card.Kind, card.Data!.Items, card.Data.Unit, card.Data.HeldItems, card.Data.HeldFrom).Should().Be((ModelFolder.RowGenerator, 60, "rows", 12, DataSplit.Validation));
        card.Scores.Should().ContainKey("exactRows").WhoseValue.Should().Be(numbers["exactRows"]);
        card.ToMarkdown().Should().Contain("the validation part").And.Contain("RowGenerator.Load").And.NotContain("## Calibration");
    }

    [Fact]
    public void A_training_without_held_out_data_says_that_nothing_was_measured()
    {
        _folder.Train(TinyRun.Config with { Data = TinyRun.Config.Data with { Holdout = 0 } });

        var card = ModelCard.Read(_folder.Run.Model)!;
        (card.Scores.Count, card.ChosenBy, card.Data!.Held).Should().Be((0, null, null));
        card.ToMarkdown().Should().Contain("Not measured: the training held nothing out.").And.Contain("The licence of the training data was not given.");
    }

    [Fact]
    public void Front_matter_is_read_as_it_was_written()
    {
        var card = new ModelCard
        {
            Kind = "classifier",
            Description = "one: \"two\" # three",
            Origin = "---",
            Parameters = new Dictionary<string, long> { ["encoder"] = 3_000_000_000, ["head"] = 1 },
            Settings = new Dictionary<string, string> { ["model.classNames"] = "[\"a\",\"---\"]" },
            Scores = new Dictionary<string, double?> { ["top1.20steps.last"] = 0.1 + 0.2, ["ece"] = null },
            Calibration = [new() { Setting = "3 steps, last", Data = "x\ny", Images = 7, Value = 1.5 }],
        };

        var read = ModelCard.Parse(card.ToMarkdown(), "page")!;
        read.Should().BeEquivalentTo(card);
        read.ToMarkdown().Should().Be(card.ToMarkdown());
        ModelCard.Parse(card.ToMarkdown().ReplaceLineEndings("\r\n"), "page").Should().BeEquivalentTo(card);
    }

    [Theory]
    [InlineData("# My own page\n")]
    [InlineData("---\nlicense: mit\n---\n")]
    [InlineData("")]
    public void A_page_of_somebody_else_is_no_card(string text)
    {
        _folder.Train(TinyRun.Config);
        File.WriteAllText(Page, text);

        ModelCard.Read(_folder.Run.Model).Should().BeNull();
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
    }

    [Theory]
    [InlineData("---\ntweedie: 1\nkind: classifier\n", "*README.md: its front matter has no end*")]
    [InlineData("---\ntweedie: 1\nkind: classifier\nscores: 3\n---\n", "*README.md:4: scores = 3: expected a section*")]
    [InlineData("---\ntweedie: 1\n---\n", "*kind*")]
    public void Damaged_front_matter_is_named_and_does_not_keep_a_model_from_loading(string text, string message)
    {
        _folder.Train(TinyRun.Config);
        File.WriteAllText(Page, text);

        var read = () => ModelCard.Read(_folder.Run.Model);
        read.Should().Throw<TweedieException>().WithMessage(message);
        using var classifier = ImageClassifier.Load(_folder.Run.Model);
    }

    [Fact]
    public void A_calibration_goes_into_the_card_unless_somebody_has_changed_it()
    {
        _folder.Train(TinyRun.Config);
        var calibration = new Calibration { Settings = [new() { Sampling = new SamplingOptions { Steps = 2 }, Data = "others", Images = 5, Temperature = 3 }] };

        ImageClassifier.Calibrate(_folder.Run.Model, calibration).Should().BeTrue();
        ModelCard.Read(_folder.Run.Model)!.Calibration.Select(entry => entry.Value).Should().Contain(3).And.HaveCountGreaterThan(1, "those of the training are kept");

        File.AppendAllText(Page, "\nMy notes.\n");
        var before = File.ReadAllText(Page);
        ImageClassifier.Calibrate(_folder.Run.Model, calibration with { Settings = [calibration.Settings[0] with { Temperature = 4 }] }).Should().BeFalse();
        File.ReadAllText(Page).Should().Be(before);
        ImageClassifier.ReadCalibration(_folder.Run.Model)!.Settings[0].Temperature.Should().Be(4);

        File.WriteAllText(Page, "---\ntweedie: 1\n");
        ImageClassifier.Calibrate(_folder.Run.Model, calibration).Should().BeFalse("a damaged card is a changed one");
    }
}
