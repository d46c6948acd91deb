using Tweedie.Experiments;
using Tweedie.Experiments.Cells;
using Tweedie.Experiments.Exhibits;
using Tweedie.Experiments.Paper;
using Tweedie.Images;
using Tweedie.Storage;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Experiments;

[Collection(SharedReproduction.Name)]
public sealed class ReproductionTests(TinyReproduction tiny)
{
    [Fact]
    public void Every_experiment_gives_an_exhibit_with_its_figures()
    {
        foreach (var experiment in PaperExperiments.All)
        {
            var exhibit = ExperimentJson.Read<Exhibit>(tiny.Folder.Exhibit(experiment.Name));
            (exhibit.Tables.Count + exhibit.Figures.Count + exhibit.Gallery.Count + exhibit.Trajectories.Count).Should().BePositive(experiment.Name);
            foreach (var figure in exhibit.Figures)
            {
                File.ReadAllText(Path.Combine(tiny.Folder.Exhibits, figure.Name + ".svg")).Should().StartWith("<svg viewBox=\"0 0 600 ").And.Contain("<text");
                var png = Path.Combine(tiny.Folder.Exhibits, figure.Name + ".png");
                File.ReadAllBytes(png)[1..4].Should().Equal("PNG"u8.ToArray());
                ImageDecoder.DecodeFile(png).Width.Should().Be(1200);
            }
        }
    }

    [Fact]
    public void Tables_and_figures_share_their_cells()
    {
        var cells = Reproduction.CellsOf(PaperExperiments.All, TinyReproduction.Study);

        var (study, variations) = (TinyReproduction.Study, Variation.All.Count(variation => variation.Training(TinyReproduction.Study.Benchmarks[0], 1) != Study.Training(TinyReproduction.Study.Benchmarks[0], Arm.NoCoefficient, 1)));
        cells.OfType<TrainingCell>().Should().HaveCount((Enum.GetValues<Arm>().Length + variations + study.Rows.Count) * study.Seeds + 3,
            "arms, variations and rows are trained once a seed, two captioners and their judge once");
        cells.Select(CellStore.Key).Should().OnlyHaveUniqueItems();
        cells.Select((cell, i) => (cell, i)).Should().AllSatisfy(entry =>
            cells.Take(entry.i + 1).Should().Contain(earlier => ReferenceEquals(earlier, entry.cell.Model) || CellStore.Key(earlier) == CellStore.Key(entry.cell.Model),
                "a model is trained before it is used"));
        Directory.GetFiles(tiny.Folder.Cells).Should().HaveSameCount(cells);
    }

    [Fact]
    public void A_study_of_some_data_sets_has_their_cells_alone()
    {
        var study = Studies.Create(ScaleKind.Quick, data: "");

        study.Only([]).Should().BeSameAs(study);
        Reproduction.CellsOf(PaperExperiments.All, study.Only(["scenes"])).Should()
            .NotBeEmpty().And.AllSatisfy(cell => cell.Model.Title.Should().StartWith("generated scenes"));
        FluentActions.Invoking(() => study.Only(["scenes", "mnist"])).Should().Throw<TweedieException>()
            .WithMessage("--only mnist: no data set of scale quick; use shapes, scenes.");
    }

    [Fact]
    public void Data_sets_that_are_worked_on_one_after_the_other_come_together_in_the_exhibits()
    {
        var one = TinyReproduction.Study.Benchmarks[0] with { Name = "one", Title = "set one", Arms = [Arm.Linear] };
        var two = one with { Name = "two", Title = "set two", Run = one.Run with { Training = one.Run.Training with { BatchSize = 16 } } };
        var study = TinyReproduction.Study with { Seeds = 1, Benchmarks = [one, two], Captions = [], Rows = [] };
        var folder = new ReproductionFolder(tiny.File("parts"));
        IExperiment[] experiments = [new MainComparison(), new Ablations()];
        IReadOnlyList<Exhibit> Work(string only) => Reproduction.Open(folder, study, data: "", only, resume: true, [only]).Run(experiments, CPU);

        Work("one").Should().ContainSingle("no data set has what Table 2 compares").Which.Tables.Should().ContainSingle().Which.Caption.Should().Contain("set one");
        Work("two");
        Work("one");

        var table = ExperimentJson.Read<Exhibit>(folder.Exhibit("table1"));
        table.Tables.Select(content => content.Caption).Should().SatisfyRespectively(
            first => first.Should().Contain("set one"), second => second.Should().Contain("set two"));
        File.Exists(folder.Exhibit("table2")).Should().BeFalse("it would be empty");
        FluentActions.Invoking(() => Work("three")).Should().Throw<TweedieException>().WithMessage("--only three*one, two.");
    }

    [Fact]
    public void What_a_reproduction_needs_and_does_not_find_is_named_before_it_begins()
    {
        IReadOnlyList<string> Missing(ScaleKind scale, string experiment) =>
            CellInputs.Missing(Reproduction.CellsOf(PaperExperiments.Select([experiment]), Studies.Create(scale, "nowhere")));

        Missing(ScaleKind.Quick, "all").Should().BeEmpty("it generates its data");
        Missing(ScaleKind.Small, "table2").Should().Equal(Path.Combine("nowhere", "cifar10"));
        Missing(ScaleKind.Paper, "table3").Should().BeEquivalentTo(
            Path.Combine("nowhere", "coco"), Path.Combine("nowhere", "bert-base-uncased"), Path.Combine("nowhere", "clip-vit-base-patch32"), "runs/imagenet-vit-b16/model");
    }

    [Fact]
    public void Data_are_the_same_however_their_path_is_written()
    {
        var (folder, data) = (new ReproductionFolder(tiny.File("paths")), tiny.File("data"));
        Reproduction.Open(folder, TinyReproduction.Study, data, "first", resume: false);

        Reproduction.Open(folder, TinyReproduction.Study, data + Path.DirectorySeparatorChar, "second", resume: true);

        var record = ExperimentJson.Read<ReproductionRecord>(folder.Record);
        record.Data.Should().Be(data);
        record.Commands.Should().Equal("first", "second");
        record.Version.Should().NotBeNullOrEmpty();
        Reproduction.DataPath(folder, Path.Combine(data, "..", "data")).Should().Be(data, "cells are known by this path");
        Reproduction.DataPath(folder, "elsewhere").Should().Be("elsewhere");
        Reproduction.DataPath(new ReproductionFolder(tiny.File("none")), "elsewhere").Should().Be("elsewhere");
    }

    [Fact]
    public void Commands_that_begin_together_are_all_recorded()
    {
        var folder = new ReproductionFolder(tiny.File("together"));
        Reproduction.Open(folder, TinyReproduction.Study, data: "", "0", resume: false);

        Parallel.For(1, 9, number => Reproduction.Open(folder, TinyReproduction.Study, data: "", $"{number}", resume: true));

        ExperimentJson.Read<ReproductionRecord>(folder.Record).Commands.Should().BeEquivalentTo("0", "1", "2", "3", "4", "5", "6", "7", "8");
    }

    [Fact]
    public void Cells_differ_by_all_that_decides_their_result()
    {
        var benchmark = TinyReproduction.Study.Benchmarks[0];
        var sampling = TinyReproduction.Study.Sampling();
        var training = Study.Training(benchmark, Arm.Coefficient, seed: 1);

        new ICell[]
        {
            training, Study.Training(benchmark, Arm.Coefficient, seed: 2), Study.Training(benchmark, Arm.NoCoefficient, seed: 1),
            new SamplingCell(training, sampling), new SamplingCell(training, sampling with { Guidance = 1 }),
            new SamplingCell(training, sampling with { Control = true }), new TrajectoryCell(training, sampling),
        }.Select(CellStore.Key).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void A_reproduction_that_is_interrupted_again_and_again_gives_the_same_files()
    {
        var folder = new ReproductionFolder(tiny.File("interrupted"));
        var interruptions = 0;
        for (var finished = false; !finished;)
        {
            using var stop = new CancellationTokenSource();
            // Stops within a training the first time, then after every tenth cell.
            var training = new Acting<TrainingProgress>(report => { if (interruptions == 0 && report.Step == 2) stop.Cancel(); });
            var done = 0;
            var cells = new Acting<CellProgress>(report => { if (report.Taken > TimeSpan.Zero && ++done == 10) stop.Cancel(); });
            try
            {
                Reproduction.Open(folder, TinyReproduction.Study, data: "", "again", resume: true).Run(PaperExperiments.All, CPU, cells, training, stop.Token);
                finished = true;
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }
        }
        interruptions.Should().BeGreaterThan(2);
        foreach (var file in Directory.GetFiles(tiny.Folder.Exhibits))
            File.ReadAllBytes(Path.Combine(folder.Exhibits, Path.GetFileName(file))).Should().Equal(File.ReadAllBytes(file), Path.GetFileName(file));
    }

    [Fact]
    public void A_model_that_another_process_works_on_is_left_to_it_and_waited_for()
    {
        IExperiment[] experiments = [new RegressionAndCrossEntropy()]; // trainings alone
        var cells = Reproduction.CellsOf(experiments, TinyReproduction.Study);
        var folder = new ReproductionFolder(tiny.File("shared"));
        var reproduction = Reproduction.Open(folder, TinyReproduction.Study, data: "", "first", resume: false);
        var other = LockFile.TryHold(folder.Lock(CellStore.Key(cells[0])))!;
        var finished = new List<string>();

        reproduction.Run(experiments, CPU, new Acting<CellProgress>(report =>
        {
            if (report.Taken is null)
                return;
            finished.Add(report.Title);
            if (finished.Count == cells.Count - 1)
                other.Dispose();
        }));

        finished.Should().Equal([.. cells.Skip(1).Select(cell => cell.Title), cells[0].Title]);
    }

    [Fact]
    public void A_folder_is_neither_overwritten_nor_continued_as_another()
    {
        var again = () => Reproduction.Open(tiny.Folder, TinyReproduction.Study, data: "", "again", resume: false);
        var other = () => Reproduction.Open(tiny.Folder, TinyReproduction.Study with { Scale = ScaleKind.Small }, data: "here", "again", resume: true);

        again.Should().Throw<TweedieException>().WithMessage("*--resume*");
        other.Should().Throw<TweedieException>().WithMessage("*Quick*--out*");
    }

    [Fact]
    public void A_damaged_cell_is_named()
    {
        var cell = Study.Training(TinyReproduction.Study.Benchmarks[0], Arm.Linear, seed: 1);
        var store = new CellStore(tiny.File("damaged"));
        Directory.CreateDirectory(tiny.File("damaged"));
        var file = tiny.File($"damaged/training-{CellStore.Key(cell)}.json");
        File.WriteAllText(file, "{\"title\": 1");

        var read = () => store.Read(cell);

        read.Should().Throw<TweedieException>().WithMessage($"{file}*delete it*");
    }

    [Fact]
    public void The_papers_plan_needs_neither_data_nor_accelerators()
    {
        var plan = ReproductionPlan.Create(Studies.Create(ScaleKind.Paper, "nowhere"), PaperExperiments.All, CPU);

        plan.MeasuredTime.Should().BeNull();
        var tdd = plan.Trainings.Single(training => training.Name.EndsWith("TDD, with coefficient", StringComparison.Ordinal));
        tdd.Parameters.Should().BeInRange(109_000_000, 111_500_000, "the paper has 111 M");
        tdd.Epochs.Should().Be(500);
        plan.GpuTime.TotalHours.Should().BeInRange(500, 1500);
    }
}
