using System.Text.Json;
using Tweedie.Configuration;
using Tweedie.Training;

namespace Tweedie.Tests.Configuration;

/// <summary>The explanations of keys, and the schema for editors.</summary>
public sealed class ConfigKeyTests
{
    private static readonly IReadOnlyList<ConfigKey> _classification = ConfigKey.Of(typeof(ClassificationRun));

    private static readonly JsonElement _schema = JsonDocument.Parse(ConfigSchema.Write("task", ClassificationRun.Name, TrainingTasks.Configs)).RootElement;

    private static ConfigKey Key(string name) => _classification.Single(key => key.Name == name);

    [Fact]
    public void Every_key_of_every_task_and_every_name_among_its_values_has_an_explanation()
    {
        foreach (var (task, record) in TrainingTasks.Configs)
            foreach (var key in ConfigKey.Of(record))
            {
                key.Explanation.Should().NotBeEmpty($"{key.Name} of {task} needs one");
                key.Explanation.Should().NotContainAny("<see", "<c>", "\n", "\u0001", "T:", "P:", "()");
                key.Names.Should().AllSatisfy(name => name.Explanation.Should().NotBeEmpty($"{name.Name} of {key.Name} needs one"));
            }
    }

    [Fact]
    public void A_key_says_its_type_its_range_and_its_default()
    {
        Key("training.epochs").Should().BeEquivalentTo(new { Kind = "a whole number, 1 to 1000000", Default = "500", MayChangeOnResume = false });
        Key("data.train").Default.Should().BeNull();
        Key("data.test").Should().BeEquivalentTo(new { Kind = "a path, relative to the config's folder", Default = "none", MayChangeOnResume = true });
        Key("data.augment.mixup").Should().BeEquivalentTo(new { Kind = "a section", Default = "none" });
        Key("evaluation.steps").Should().BeEquivalentTo(new { Default = "[1,20]", MayChangeOnResume = true });
        Key("training.timesteps").Names.Select(name => name.Name).Should().Equal("uniform", "beta", "logSnrWindow", "logSnr", "decodeAccuracy", "crossEntropy");
    }

    [Fact]
    public void Defaults_are_those_of_the_task() =>
        ConfigKey.Of(typeof(CaptionRun)).Single(key => key.Name == "training.epochs").Default.Should().Be("30");

    [Fact]
    public void The_schema_has_every_key_of_a_task_with_its_explanation()
    {
        foreach (var (task, record) in TrainingTasks.Configs)
            foreach (var key in ConfigKey.Of(record))
            {
                var node = _schema.GetProperty("definitions").GetProperty(task);
                foreach (var part in key.Name.Split('.'))
                {
                    var section = node.TryGetProperty("anyOf", out var choices) ? choices[0] : node;
                    node = section.GetProperty("properties").GetProperty(part);
                }
                node.GetProperty("description").GetString().Should().Be(key.Explanation, key.Name);
            }
    }

    [Fact]
    public void The_schema_chooses_by_task_and_refuses_unknown_keys()
    {
        _schema.GetProperty("properties").GetProperty("task").GetProperty("enum").EnumerateArray().Select(name => name.GetString()).Should().Contain(["caption", "classification", "clip", "text", "tokens"]);
        var training = _schema.GetProperty("definitions").GetProperty("clip").GetProperty("properties").GetProperty("training");
        training.GetProperty("additionalProperties").GetBoolean().Should().BeFalse();
        var epochs = training.GetProperty("properties").GetProperty("epochs");
        (epochs.GetProperty("type").GetString(), epochs.GetProperty("minimum").GetInt32(), epochs.GetProperty("maximum").GetInt32()).Should().Be(("integer", 1, 1_000_000));
        training.GetProperty("properties").GetProperty("labelSmoothing").GetProperty("default").GetDouble().Should().Be(0, "a CLIP has none by default");
    }
}
