using ArchUnitNET.Loader;
using ArchUnitNET.xUnitV3;
using Tweedie.Cli;
using Tweedie.Experiments;
using Tweedie.Models;
using static ArchUnitNET.Fluent.ArchRuleDefinition;

namespace Tweedie.Tests.Architecture;

/// <summary>Arrows between the namespaces point one way.</summary>
public sealed class LayerTests
{
    private static readonly ArchUnitNET.Domain.Architecture _architecture =
        new ArchLoader().LoadAssemblies(typeof(ImageClassifier).Assembly, typeof(Study).Assembly, typeof(CommandLineApp).Assembly).Build();

    [Theory]
    [InlineData("Diffusion", "Platform|Formats|Configuration|Data|Text|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Networks", "Platform|Formats|Configuration|Data|Text|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Data", "Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Text", "Data|Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Formats", "Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Configuration", "Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
    [InlineData("Platform", "Diffusion|Networks|Models|Training|Evaluation|Experiments|Cli")]
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
    public void The_library_does_not_know_the_command_line() =>
        typeof(ImageClassifier).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name).Should().NotContain("Tweedie.Cli")
            .And.NotContain("Spectre.Console").And.NotContain("System.CommandLine");

    [Fact]
    public void The_library_does_not_know_the_experiments() =>
        typeof(ImageClassifier).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name).Should().NotContain("Tweedie.Experiments")
            .And.NotContain("ScottPlot");

    [Fact]
    public void The_rules_would_find_a_wrong_arrow()
    {
        var wrong = () => A_layer_does_not_know_the_layers_above_it("Networks", "Diffusion");

        wrong.Should().Throw<Exception>().WithMessage("*ConditionedDenoiser*");
    }
}
