using System.Text.Json.Serialization.Metadata;
using Tweedie.Configuration;
using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Training;
using Tweedie.Training;

namespace Tweedie.Tests.Configuration;

/// <summary>Options are bound and validated by the contract that they are written by, and JSON is read as the YAML that it is.</summary>
public sealed class OptionsContractTests
{
    public static TheoryData<Type> Records =>
    [
        typeof(ClassificationRun), typeof(CaptionRun), typeof(TextRun), typeof(TokensRun), typeof(ClipRun), typeof(AnnotationRun), typeof(ClassifierOptions), typeof(CaptionerOptions),
        typeof(AnnotatorOptions), typeof(TextGeneratorOptions), typeof(ModelCard), typeof(Calibration), typeof(OnnxModelOptions), typeof(SamplingOptions), typeof(CheckpointState),
    ];

    [Theory]
    [MemberData(nameof(Records))]
    public void The_contract_is_that_of_the_writer(Type record) => Compare(record, []);

    [Fact]
    public void Json_gives_the_nodes_of_the_yaml_parser()
    {
        foreach (var options in new object[] { TinyRun.Config, new CheckpointState { Step = 12 }, new SamplingOptions { Guidance = 1.5e-3 } })
        {
            var json = ConfigWriter.ToJson(options);
            // A comment makes it YAML alone.
            ConfigReader.ReadFile(json, "x").Should().BeEquivalentTo(ConfigReader.ReadFile(json + "# YAML", "x"), choice => choice.PreferringRuntimeMemberTypes());
            JsonNodes.Find(json, "x", 64).Should().NotBeNull();
        }
    }

    [Theory]
    [InlineData("{ \"a\": 1, \"a\": 2 }")]
    [InlineData("{ \"a\": 1")]
    [InlineData("{ a: 1 }")]
    [InlineData("{ \"a\": 1 } x")]
    [InlineData("{ \"a\": \"\\ud800\" }")]
    public void What_is_no_plain_json_is_left_to_the_yaml_parser(string text) => JsonNodes.Find(text, "x", 64).Should().BeNull();

    private static void Compare(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type))
            return;
        var (own, written) = (OptionsContract.Of(type), OptionsContract.Json.GetTypeInfo(type));
        own.Kind.Should().Be(written.Kind switch
        {
            JsonTypeInfoKind.Object => OptionKind.Record,
            JsonTypeInfoKind.Enumerable => OptionKind.List,
            JsonTypeInfoKind.Dictionary => OptionKind.Map,
            _ => OptionKind.Value,
        }, "of {0}", type);
        if (own.Kind is OptionKind.List or OptionKind.Map) // System.Text.Json also counts what may be null as an element
            own.ElementType.Should().Be(written.ElementType);
        if (own.Kind == OptionKind.Record)
        {
            own.Members.Select(member => (member.Name, member.PropertyType, member.IsRequired, member.IsSetNullable)).Should()
                .Equal(written.Properties.Where(property => property.Set is not null).Select(property => (property.Name, property.PropertyType, property.IsRequired, property.IsSetNullable)), "of {0}", type);
            (own.Create is null).Should().Be(written.CreateObject is null);
        }
        foreach (var inner in own.Members.Select(member => Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType).Concat(own.ElementType is { } element ? [element] : []))
            Compare(inner, seen);
    }
}
