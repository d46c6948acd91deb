using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Tests.Models;
using Tweedie.Tests.Models.Clip;
using Tweedie.Text;
using Tweedie.Tokens;

namespace Tweedie.Tests.Samples;

/// <summary>A folder with the models and images that code on pages names, in which the code is compiled and run as a program.</summary>
public sealed class PageModels : IDisposable
{
    // Those that every program of the SDK has, and ours, which a short piece of code leaves out.
    private static readonly string Usings = string.Concat(new[]
    {
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks",
        "Tweedie.Images", "Tweedie.Models", "Tweedie.Sampling", "Tweedie.Text", "Tweedie.Training",
    }.Select(name => $"global using {name};\n"));

    private static readonly MetadataReference[] References = [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path))];

    private readonly TemporaryFolder _folder = new();
    private int _programs;

    public PageModels()
    {
        foreach (var folder in new[] { "model", "runs/photos", ModelFolder.Classifier })
            using (var classifier = TinyClassifier.Create())
                classifier.Save(_folder.File(folder));
        using (var captioner = TinyCaptioner.Create())
            captioner.Save(_folder.File(ModelFolder.Captioner));
        using (var clip = TinyClip.Create())
            clip.Save(_folder.File(ModelFolder.Clip));
        const string play = "ROMEO: The head of the king is here.";
        var characters = CharacterTokenizer.Build([play], unknown: true);
        var texts = TinyTextGenerator.Options with { Tokens = 24 };
        foreach (var folder in new[] { ModelFolder.TextGenerator, "runs/shakespeare-char/model" })
            using (var generator = new TextGenerator(texts, TokenNetwork.Create(texts, characters.VocabularySize), characters))
                generator.Save(_folder.File(folder));
        var columns = new TokenColumns([new("size", ["small", "large"]), new("colour", ["red", "green", "blue"])]);
        var rows = new RowGeneratorOptions { Tokens = 2, Denoiser = TinyCaptioner.Options.Denoiser };
        using (var generator = new RowGenerator(rows, TokenNetwork.Create(rows, columns.VocabularySize), columns))
            generator.Save(_folder.File(ModelFolder.RowGenerator));
        var attributes = new AnnotatorOptions { Tokens = 2, Encoder = TinyCaptioner.Options.Encoder, Denoiser = TinyCaptioner.Options.Denoiser, Mean = [0.5, 0.5, 0.5], Std = [0.5, 0.5, 0.5] };
        using (var annotator = new ImageAnnotator(attributes, TokenNetwork.Create(attributes, columns.VocabularySize), columns))
            annotator.Save(_folder.File(ModelFolder.Annotator));
        OnnxExport.Export(_folder.File("model"), _folder.File("exported"));
        foreach (var name in new[] { "cat.png", "cat.jpg", "photo.jpg" })
            ImageWriter.Save(new RasterImage(16, 16, 3, [.. Enumerable.Range(0, 256).SelectMany(_ => new byte[] { 40, 60, 220 })]), _folder.File(name));
        File.WriteAllText(_folder.File("tinyshakespeare.txt"), string.Concat(Enumerable.Repeat(play + "\n", 100)));
    }

    /// <summary>Compiles a program of top-level statements and runs it in the folder.</summary>
    /// <returns>What it prints.</returns>
    public string Run(string code)
    {
        var name = $"page-code-{Environment.ProcessId}-{Interlocked.Increment(ref _programs)}";
        var program = Path.Combine(AppContext.BaseDirectory, $"{name}.dll"); // beside the libraries that it needs
        var options = new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create(name, [CSharpSyntaxTree.ParseText(Usings), CSharpSyntaxTree.ParseText(code)], References, options);
        try
        {
            compilation.Emit(program).Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(diagnostic => $"{diagnostic}").Should().BeEmpty();
            var tests = Path.ChangeExtension(typeof(PageModels).Assembly.Location, null);
            var result = SampleProgram.Start(_folder.Path, "dotnet", ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", program],
                ("XDG_CACHE_HOME", _folder.File("cache")));
            result.ExitCode.Should().Be(0, result.Error);
            return result.Output;
        }
        finally
        {
            File.Delete(program);
        }
    }

    public void Dispose() => _folder.Dispose();
}
