using Tweedie.Models;
using Tweedie.Tests.Data;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>What a training of a classifier asks of its data before the first step.</summary>
[Collection(GlobalState.Name)]
public sealed class ClassificationDataTests : IDisposable
{
    private readonly TrainingFolder _folder = new();
    private readonly TemporaryFolder _data = new();

    public void Dispose()
    {
        _folder.Dispose();
        _data.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_class_is_refused(bool dryRun)
    {
        Write("ant", 20);
        Refused(Config(), dryRun).Should().EndWith(": all 20 images are of the class ant; a classifier needs images of at least two classes.");
    }

    [Fact]
    public void Rows_without_labels_are_refused()
    {
        SmallShard.Write(Path.Combine(_data.Path, "train.parquet"), "image", true, [("label", [-1, null])]);
        Refused(Config()).Should().EndWith(": none of its 2 images has a label; a classifier needs images of at least two classes.");
        SmallShard.Write(Path.Combine(_data.Path, "train.parquet"), "image", true, [("kind", [1, 2])]);
        Refused(Config()).Should().Contain("it has image.bytes, image.path, kind. Name it by data.labelColumn.");
        Refused(Config("data.labelColumn=kind", "training.batchSize=64")).Should().Contain("fewer than one batch of 64");
    }

    [Fact]
    public void Names_of_the_config_that_the_data_know_are_matched_and_other_names_are_new_ones()
    {
        foreach (var name in new[] { "ant", "bee", "cow" })
            Write(name, 8);

        ModelOf("model.classNames=[cow, ant, bee]").Should().BeEquivalentTo(Config().Model with { ClassNames = ["cow", "ant", "bee"] }, options => options.Including(model => model.ClassNames).Including(model => model.DataClasses));
        var renamed = ModelOf("model.classNames=[Ameise, Biene, Kuh]");
        (renamed.ClassNames, renamed.DataClasses).Should().BeEquivalentTo((new[] { "Ameise", "Biene", "Kuh" }, new[] { "ant", "bee", "cow" }), options => options.WithStrictOrdering());
        ModelOf("model.classNames=[Kuh, Ameise]", "model.dataClasses=[cow, ant]").DataClasses.Should().Equal("cow", "ant");
        ModelOf("data.workers=0").DataClasses.Should().BeNull();
        Refused(Config("model.classNames=[x, y]")).Should().StartWith("model.classNames has 2 entries, but ");
    }

    [Fact]
    public void What_the_data_leave_out_is_said_at_the_start()
    {
        Write("train/ant", 16);
        Write("train/bee", 16);
        Write("test/yak", 2);
        Write("test/ant", 2);
        _data.Write("train/ant/x.heic", 1);

        using var session = TrainingSession.Open(Config($"data.test={Path.Combine(_data.Path, "test")}"), _folder.Run, CPU, resume: false);
        session.Warnings.Should().Contain(warning => warning.Contains("1 .heic")).And.Contain(warning => warning.Contains("yak (2)"));
    }

    [Fact]
    public void A_class_that_another_took_the_place_of_is_seen_when_a_run_is_resumed()
    {
        foreach (var name in new[] { "ant", "church" })
            Write(name, 48);
        _folder.TrainUntil(4, Config());
        Directory.Move(Path.Combine(_data.Path, "church"), Path.Combine(_data.Path, "église"));

        FluentActions.Invoking(() => _folder.Train(Config(), resume: true)).Should().Throw<TweedieException>().WithMessage("*model.classNames was *church*and is now*");
    }

    [Fact]
    public void Opening_the_data_ends_when_it_is_cancelled()
    {
        Write("ant", 8);
        Write("bee", 8);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        FluentActions.Invoking(() => TrainingSession.Open(Config(), _folder.Run, CPU, resume: false, cancellation: stop.Token)).Should().Throw<OperationCanceledException>();
    }

    [Fact]
    public void A_model_that_could_not_be_loaded_again_is_refused()
    {
        foreach (var name in new[] { "null", "1.0", "y", "it's \"quoted\"", "tab\tand\nline", "\ud83d\udc1c", "\u0085", "#", "- a", "{}", "é" })
            ModelFolder.CheckStorable(Models.TinyClassifier.Options with { ClassNames = [name, "other"] });
        Unstorable(Models.TinyClassifier.Options with { ClassNames = ["\ud800", "other"] }).Should().Contain("would be read as other options than were written");
        Unstorable(Models.TinyClassifier.Options with { ClassNames = ["one"] }).Should().EndWith("classNames has 1 entries; a classifier needs at least 2.");
        Unstorable(Models.TinyClassifier.Options with { DataClasses = ["one"] }).Should().Contain("dataClasses has 1 entries and classNames 7");
        Unstorable(Models.TinyClassifier.Options with { Std = [1, 0, 1] }).Should().Contain("std positive");

        static string Unstorable(ClassifierOptions options) =>
            FluentActions.Invoking(() => ModelFolder.CheckStorable(options)).Should().Throw<TweedieException>().Which.Message;
    }

    private ClassificationRun Config(params string[] changes) => TinyRun.Config.Set([$"data.train={_data.Path}", "data.holdout=0", .. changes]);

    private string Refused(ClassificationRun config, bool dryRun = false)
    {
        var open = () => TrainingSession.Open(config, _folder.Run, CPU, resume: false, dryRun: dryRun);
        return open.Should().Throw<TweedieException>().Which.Message;
    }

    private ClassifierOptions ModelOf(params string[] changes)
    {
        using var task = Config(changes).CreateTask(CPU);
        return ((ClassificationRun)task.Config).Model;
    }

    private void Write(string folder, int count)
    {
        for (var i = 0; i < count; i++)
            _data.Write($"{folder}/{i}.png", Encoded.Image(Encoded.Pattern(16, 16, 3, start: i), ".png"));
    }
}
