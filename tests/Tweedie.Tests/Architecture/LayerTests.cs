using System.Reflection;
using System.Runtime.CompilerServices;
using System.Xml.Linq;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Tweedie.Cli;
using Tweedie.Experiments;
using Tweedie.Hosting;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Parquet;
using Tweedie.Web;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Tweedie.Tests.Architecture;

/// <summary>Arrows between the assemblies, and between the namespaces in them, point one way.</summary>
public sealed class LayerTests
{
    private static readonly Dictionary<string, Assembly> Products = new[]
    {
        typeof(Seeds), typeof(ImageLoader), typeof(ParquetFiles), typeof(ImageClassifier), typeof(OnnxClassifier), typeof(OnnxExport), typeof(TweedieServices), typeof(TweedieServer), typeof(Study), typeof(CommandLineApp),
    }.Select(type => type.Assembly).ToDictionary(assembly => assembly.GetName().Name!);

    private static readonly ArchUnitNET.Domain.Architecture _architecture = new ArchLoader().LoadAssemblies([.. Products.Values]).Build();

    [Theory]
    [InlineData("Tweedie.Core", "")]
    [InlineData("Tweedie.Images", "Tweedie.Core")]
    [InlineData("Tweedie.Parquet", "Tweedie.Core Tweedie.Images")]
    [InlineData("Tweedie", "Tweedie.Core Tweedie.Images")]
    [InlineData("Tweedie.Hosting", "Tweedie.Core Tweedie.Images Tweedie")]
    [InlineData("Tweedie.Web", "Tweedie.Core Tweedie.Images Tweedie")]
    [InlineData("Tweedie.Onnx.Runtime", "Tweedie.Core Tweedie.Images")]
    [InlineData("Tweedie.Onnx", "Tweedie.Core Tweedie.Images Tweedie Tweedie.Onnx.Runtime")]
    [InlineData("Tweedie.Experiments", "Tweedie.Core Tweedie.Images Tweedie")]
    [InlineData("Tweedie.Cli", "Tweedie.Core Tweedie.Images Tweedie Tweedie.Onnx.Runtime Tweedie.Onnx Tweedie.Experiments Tweedie.Web")]
    public void An_assembly_knows_only_those_below_it(string assembly, string below) =>
        References(assembly).Intersect(Products.Keys).Should().BeSubsetOf(below.Split(' '));

    [Theory]
    [InlineData("Tweedie.Core", "TorchSharp NetVips ParquetSharp ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Hosting", "Microsoft.ML.OnnxRuntime ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Web", "Microsoft.ML.OnnxRuntime ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Images", "TorchSharp ParquetSharp ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Parquet", "TorchSharp NetVips ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie", "Microsoft.ML.OnnxRuntime ParquetSharp ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Onnx.Runtime", "TorchSharp ParquetSharp OnnxSharp Google.Protobuf ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Onnx", "Microsoft.ML.OnnxRuntime ScottPlot Spectre.Console System.CommandLine")]
    [InlineData("Tweedie.Experiments", "Spectre.Console System.CommandLine")]
    public void An_assembly_does_without(string assembly, string libraries) =>
        References(assembly).Should().NotIntersectWith(libraries.Split(' '));

    [Theory]
    [InlineData("Tweedie.Core")]
    [InlineData("Tweedie.Images")]
    [InlineData("Tweedie.Onnx.Runtime")]
    public void A_project_without_tensors_brings_no_libtorch(string project) =>
        Packages(project).Should().NotBeEmpty().And.NotContain(package => package.Contains("torch", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void The_runtime_without_libtorch_brings_no_parquet_either()
    {
        Packages("Tweedie.Parquet").Should().Contain("ParquetSharp");
        Packages("Tweedie.Onnx.Runtime").Should().Contain("NetVips").And.NotContain("ParquetSharp");
    }

    [Theory]
    [InlineData("Tweedie.Core")]
    [InlineData("Tweedie.Images")]
    [InlineData("Tweedie")]
    [InlineData("Tweedie.Onnx")]
    public void Only_the_hosting_package_knows_the_extensions_of_hosts(string assembly) =>
        References(assembly).Should().NotContain(reference => reference.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal));

    [Fact]
    public void No_library_brings_natives_of_one_platform()
    {
        var packages = Directory.GetDirectories(Path.Combine(Shared.RepositoryRoot, "src")).SelectMany(folder => Directory.GetFiles(folder, "*.csproj"))
            .SelectMany(project => XDocument.Load(project).Descendants("PackageReference")).Select(package => package.Attribute("Include")!.Value).ToList();

        packages.Should().Contain("TorchSharp").And.Contain("NetVips")
            .And.NotContain(package => package.StartsWith("libtorch", StringComparison.Ordinal) || package.Contains("-cuda") || package.Contains(".Native"));
    }

    [Fact]
    public void Only_tests_and_benchmarks_see_internals()
    {
        var granted = Products.Values.SelectMany(assembly => assembly.GetCustomAttributes<InternalsVisibleToAttribute>())
            .Select(friend => friend.AssemblyName).Distinct();

        granted.Should().BeSubsetOf(["Tweedie.Tests", "Tweedie.Programs.Tests", "Tweedie.Bench"]);
    }

    [Theory]
    [InlineData("Diffusion", "Platform|Formats|Storage|Metrics|Configuration|Images|Tensors|Text|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Networks", "Platform|Formats|Storage|Metrics|Configuration|Images|Tensors|Text|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Storage", "Configuration|Text|Metrics|Images|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Configuration", "Text|Metrics|Images|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Text", "Tokens|Metrics|Images|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Tokens", "Metrics|Images|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Metrics", "Tokens|Images|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Images", "Metrics|Tensors|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Tensors", "Metrics|Text|Platform|Formats|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Formats", "Images|Tensors|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Platform", "Images|Tensors|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Models", "Training|Evaluation|Experiments|Cli")]
    [InlineData("Evaluation", "Training|Experiments|Cli")]
    [InlineData("Training", "Experiments|Cli")]
    [InlineData("Experiments", "Cli")]
    public void A_layer_does_not_know_the_layers_above_it(string layer, string above) =>
        Types().That().ResideInNamespaceMatching($@"^Tweedie\.{layer}(\.|$)")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching($@"^Tweedie\.({above})(\.|$)")
            .Check(_architecture);

    [Fact]
    public void The_root_namespace_knows_no_other() =>
        Types().That().ResideInNamespaceMatching(@"^Tweedie$")
            .Should().NotDependOnAnyTypesThat().ResideInNamespaceMatching(@"^Tweedie\.")
            .Check(_architecture);

    [Fact]
    public void The_rules_would_find_a_wrong_arrow()
    {
        var wrong = () => A_layer_does_not_know_the_layers_above_it("Networks", "Diffusion");

        wrong.Should().Throw<Exception>().WithMessage("*ConditionedDenoiser*");
    }

    // The packages that a project brings, itself or through another.
    private static IEnumerable<string> Packages(string project)
    {
        var document = XDocument.Load(Path.Combine(Shared.RepositoryRoot, "src", project, $"{project}.csproj"));
        IEnumerable<string> Included(string kind) => document.Descendants(kind).Select(reference => reference.Attribute("Include")!.Value);
        return [.. Included("PackageReference"), .. Included("ProjectReference").SelectMany(path => Packages(Path.GetFileNameWithoutExtension(path)))];
    }

    private static IEnumerable<string> References(string assembly) => Products[assembly].GetReferencedAssemblies().Select(reference => reference.Name!);
}
