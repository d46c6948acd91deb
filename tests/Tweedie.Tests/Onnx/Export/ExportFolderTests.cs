using System.Diagnostics;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Storage;
using Tweedie.Tests.Models;
using Tweedie.Tests.Training;
using Tweedie.Tokens;

namespace Tweedie.Tests.Onnx;

/// <summary>What an export refuses and what the runtime refuses, each in one line.</summary>
public sealed class ExportFolderTests
{
    [Fact]
    public void A_folder_with_other_files_is_left_alone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("letter.txt", 1);
        using var classifier = TinyClassifier.Create();

        var export = () => OnnxExport.Export(classifier, folder.Path);

        export.Should().Throw<TweedieException>().WithMessage("*holds something other than an exported model*");
        Directory.GetFileSystemEntries(folder.Path).Should().ContainSingle();
    }

    [Fact]
    public void An_export_replaces_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create();
        OnnxExport.Export(classifier, folder.Path, new() { Sampler = true });

        OnnxExport.Export(classifier, folder.Path).Files.Keys.Should().BeEquivalentTo("corrupt.onnx", "encoder.onnx", "step.onnx");

        File.Exists(Path.Combine(folder.Path, OnnxNames.Sampler)).Should().BeFalse();
    }

    [Fact]
    public void The_card_of_the_model_says_how_the_export_is_used()
    {
        using var folder = new TemporaryFolder();
        var (model, exported, other) = (Path.Combine(folder.Path, "model"), Path.Combine(folder.Path, "exported"), Path.Combine(folder.Path, "other"));
        using var classifier = TinyClassifier.Create();
        classifier.Save(model);
        new ModelCard { Kind = ModelFolder.Classifier, Description = "tdd classifier", Scores = new Dictionary<string, double?> { ["top1"] = 0.5 }, Data = new() { Train = "shapes", License = "CC0" } }.Write(model);

        OnnxExport.Export(model, exported).DataLicense.Should().Be("CC0");
        OnnxExport.Export(classifier, other);

        var card = File.ReadAllText(Path.Combine(exported, ModelCard.FileName));
        card.Should().Contain("OnnxClassifier.Load(\"exported\")").And.Contain("CC0").And.Contain("## Scores").And.NotContain("tweedie classify");
        ModelCard.Parse(card, "card")!.Scores.Should().ContainKey("top1");
        File.ReadAllText(Path.Combine(other, ModelCard.FileName)).Should().Contain("OnnxClassifier.Load").And.NotContain("## Scores").And.NotContain("0 parameters");
        File.AppendAllText(Path.Combine(exported, ModelCard.FileName), "A note.");
        OnnxClassifier.Load(exported).Dispose(); // the card is for people
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public async Task An_exported_annotator_predicts_what_the_annotator_does(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        var columns = new TokenColumns([new("color", ["red", "green", "blue"]), new("size", ["small", "large"]), new("shape", ["ring", "disc", "star"])]);
        var options = new AnnotatorOptions { Tokens = 3, Method = method, Encoder = TinyRun.Encoder, Denoiser = TinyRun.Denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.25, 0.25, 0.25] };
        var network = TokenNetwork.Create(options, columns.VocabularySize);
        TinyNetwork.Randomize(network);
        using var annotator = new ImageAnnotator(options, network, columns);
        OnnxExport.Export(annotator, folder.Path);
        using var exported = OnnxAnnotator.Load(folder.Path);
        var images = new[] { new ShapeSource(2, 16).Read(0), new ShapeSource(2, 16).Read(1) };
        long[] known = [ITokenRowSource.Missing, 1, ITokenRowSource.Missing];

        foreach (var row in new[] { null, known })
        {
            for (var image = 0; image < images.Length; image++)
            {
                var expected = annotator.Annotate(images[image], row);
                var answers = exported.Annotate([images[image]], row is null ? null : [row])[0];
                answers.Select(answer => (answer.Name, answer.Entry)).Should().Equal(expected.Select(answer => (answer.Name, answer.Entry)));
                answers.Zip(expected).Should().OnlyContain(pair => Math.Abs(pair.First.Probability - pair.Second.Probability) < 1e-4);
                (await annotator.AnnotateAsync(images[image], row)).Should().Equal(expected);
            }
        }
        exported.Denoise(exported.Encode(images), top: 2).Should().OnlyContain(step => step.Tokens.Count == 2).And.NotBeEmpty();
        var steps = new List<StepSnapshot>();
        await foreach (var step in annotator.DenoiseAsync(images[0], known: known))
            steps.Add(step);
        steps[^1].IsLast.Should().BeTrue();
        steps[^1].Tokens[0][1].Should().Be(1);
    }

    [Fact]
    public void An_unknown_operator_set_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create();

        var export = () => OnnxExport.Export(classifier, folder.Path, new() { Opset = 18 });

        export.Should().Throw<TweedieException>().Which.Option!.Member.Should().Be("Opset");
    }

    [Theory]
    [InlineData("step.onnx", "is not as it was exported")]
    [InlineData("encoder.onnx", "is not as it was exported")]
    public void A_damaged_file_is_named(string name, string problem)
    {
        using var folder = Exported();
        var path = Path.Combine(folder.Path, name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 16;
        File.WriteAllBytes(path, bytes);

        var load = () => OnnxClassifier.Load(folder.Path);

        load.Should().Throw<TweedieException>().WithMessage($"*{name}: {problem}*").Which.Message.Should().NotContain("\n");
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        using var folder = Exported();
        File.Delete(Path.Combine(folder.Path, OnnxNames.Corruption));

        var load = () => OnnxClassifier.Load(folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*corrupt.onnx: is missing*");
    }

    [Fact]
    public void Foreign_folders_are_refused_in_one_line()
    {
        using var folder = Exported();
        var captioner = () => OnnxCaptioner.Load(folder.Path);
        captioner.Should().Throw<TweedieException>().WithMessage("*holds a model of kind classifier; give a captioner.");
        using var empty = new TemporaryFolder();
        var nothing = () => OnnxClassifier.Load(empty.Path);
        nothing.Should().Throw<TweedieException>().WithMessage("*holds no exported model*");
        var description = Path.Combine(folder.Path, OnnxNames.Description);
        var text = File.ReadAllText(description);
        foreach (var (from, to, problem) in new[]
        {
            ("\"format\": 1", "\"format\": 2", "format"), ("\"step.onnx\"", "\"../step.onnx\"", "not in its folder"), ("\"classes\": 7", "\"classes\": 8", "classNames"),
            ("\"kind\": \"classifier\"", "\"kind\": \"cat\"", "kind"), ("{", "[", "model.json"),
        })
        {
            File.WriteAllText(description, text.Replace(from, to, StringComparison.Ordinal));
            var load = () => OnnxClassifier.Load(folder.Path);
            load.Should().Throw<TweedieException>().Which.Message.Should().Contain(problem).And.NotContain("\n");
        }
    }

    [Fact]
    public void A_foreign_graph_is_refused_though_its_hash_is_right()
    {
        using var folder = Exported();
        var (graph, description) = (Path.Combine(folder.Path, OnnxNames.Step), Path.Combine(folder.Path, OnnxNames.Description));
        foreach (var (bytes, problem) in new (byte[], string)[]
        {
            (TinyOnnx.Pooling(), "step.onnx: has no input 'state'"), ([1, 2, 3], "step.onnx: cannot be opened as an ONNX model"),
            (File.ReadAllBytes(Path.Combine(folder.Path, OnnxNames.Encoder)), "step.onnx: has no input 'state'"),
        })
        {
            var before = Checksums.OfFile(graph);
            File.WriteAllBytes(graph, bytes);
            File.WriteAllText(description, File.ReadAllText(description).Replace(before, Checksums.OfFile(graph), StringComparison.Ordinal));
            var load = () => OnnxClassifier.Load(folder.Path);
            load.Should().Throw<TweedieException>().Which.Message.Should().Contain(problem).And.NotContain("\n");
        }
    }

    [Fact]
    public void Sizes_that_a_graph_does_not_have_are_refused()
    {
        using var folder = Exported();
        var description = Path.Combine(folder.Path, OnnxNames.Description);
        File.WriteAllText(description, File.ReadAllText(description).Replace("\"tokens\": 1,", "\"tokens\": 2,", StringComparison.Ordinal));

        var load = () => OnnxClassifier.Load(folder.Path);

        load.Should().Throw<TweedieException>().WithMessage("*step.onnx: the input 'state' is (-1, 1, 7)*(-1, 2, 7)*");
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_the_runtime_does_not_do_is_refused_by_name(string member)
    {
        using var folder = Exported();
        using var exported = OnnxClassifier.Load(folder.Path);
        using var image = TinyClassifier.Images(1);
        var condition = exported.Model.Encode([.. image.data<float>()], 1);

        var predict = () => exported.Predict(condition, Refusals[member]);

        predict.Should().Throw<TweedieException>().Which.Option!.Member.Should().Be(member);
    }

    public static TheoryData<string> Refused => [.. Refusals.Keys];

    private static readonly Dictionary<string, SamplingOptions> Refusals = new()
    {
        ["Sampler"] = new() { Sampler = SamplerKind.Commit, Control = true },
        ["Soft"] = new() { Soft = true, Sampler = SamplerKind.Commit },
        ["Stagger"] = new() { Stagger = 0.5, Churn = 1, Sampler = SamplerKind.Ddim },
        ["Grid"] = new() { Grid = TimestepDistribution.CrossEntropy },
        ["Beams"] = new() { Beams = 2, Draws = 1 },
        ["Temperature"] = new() { Temperature = 2 },
        ["TopP"] = new() { TopP = 0.5 },
        ["Eta"] = new() { Eta = 0.5 },
        ["Churn"] = new() { Churn = 1 },
        ["Revise"] = new() { Revise = true },
        ["LogSnrMax"] = new() { LogSnrMax = 2 },
        ["LengthBias"] = new() { LengthBias = 1 },
        ["Choose"] = new() { Choose = CandidateChoice.Likelihood, Draws = 2 },
        ["Unmasking"] = new() { Unmasking = UnmaskingKind.Ancestral },
        ["StopWhenStable"] = new() { Control = true, StopWhenStable = 2 },
        ["Steps"] = new() { Steps = 1001 },
    };

    [Fact]
    public void Graphs_pass_the_checker_of_onnx()
    {
        Assert.SkipUnless(HasChecker(), "needs Python's package onnx, which is not here");
        using var folder = new TemporaryFolder();
        using var captioner = TinyCaptioner.Create(TinyCaptioner.Options with { Denoiser = TinyRun.Denoiser with { Width = 4, Heads = 1, SelfConditioning = true, Neighbors = true } });
        using var autoregressive = TinyCaptioner.Create(TinyCaptioner.Options with { Method = TokenMethod.Ar });
        OnnxExport.Export(captioner, Path.Combine(folder.Path, "given"), new() { Sampler = true });
        OnnxExport.Export(captioner, Path.Combine(folder.Path, "drawn"), new() { Sampler = true, DrawsNoise = true });
        OnnxExport.Export(autoregressive, Path.Combine(folder.Path, "ar"));
        foreach (var file in Directory.GetFiles(folder.Path, "*.onnx", SearchOption.AllDirectories))
            Python($"import onnx; onnx.checker.check_model('{file}', full_check=True)").Should().BeEmpty(Path.GetFileName(file));
    }

    private static bool HasChecker()
    {
        try
        {
            return Python("import onnx") == "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static string Python(string program)
    {
        using var python = Process.Start(new ProcessStartInfo("python3", ["-c", program]) { RedirectStandardError = true })!;
        var errors = python.StandardError.ReadToEnd();
        python.WaitForExit();
        return python.ExitCode == 0 ? "" : errors;
    }

    private static TemporaryFolder Exported()
    {
        var folder = new TemporaryFolder();
        using var classifier = TinyClassifier.Create();
        OnnxExport.Export(classifier, folder.Path);
        return folder;
    }
}
