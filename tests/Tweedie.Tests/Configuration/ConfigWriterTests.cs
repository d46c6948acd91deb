using CsCheck;
using Tweedie.Configuration;

namespace Tweedie.Tests.Configuration;

public sealed class ConfigWriterTests
{
    // Text with everything that YAML or JSON could trip over, except halves of surrogate pairs, which are not text.
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOfConst("", "null", "~", "true", "No", "12", "1e3", ".5", "- a", "a: b", "#c", " a ", "a\nb\n", "\t", "'", "\"", "😀", "é\u2028\u0085\u0001\0", "C:\\x", "<<", "*a", "!t", "{}"),
        Gen.String[Gen.Char.AlphaNumeric, 0, 200],
        Gen.String[Gen.Char[' ', '~'], 0, 20],
        Gen.String[Gen.Char['\0', '\uD7FF'], 0, 8]);

    private static readonly Gen<RunOptions> Options =
        from name in Text
        from notes in Text.Null()
        from seed in Gen.Long
        from noise in Gen.Enum<RunOptions.NoiseKind>()
        from epochs in Gen.Int[1, 100_000]
        from rate in Gen.Double[double.Epsilon, 1]
        from beta in Gen.Double[0, 0.999]
        from clip in Gen.Double[0, 1].Nullable()
        from smoothing in Gen.Float.Where(float.IsFinite)
        from mixed in Gen.Bool
        from kind in Text
        from sizes in Gen.Int.Array[0, 4]
        from labels in Gen.Dictionary(Text, Text)[0, 4]
        select new RunOptions
        {
            Name = name,
            Notes = notes,
            Seed = seed,
            Noise = noise,
            Training = new() { Epochs = epochs, LearningRate = rate, Betas = [beta, 0.5], Clip = clip, Smoothing = smoothing, Mixed = mixed },
            Stages = [new() { Kind = kind, Sizes = sizes }],
            Labels = labels,
        };

    [Fact]
    public void Yaml_binds_back_to_an_equal_record() => Options.Sample(
        options => ConfigDocument.Parse(ConfigWriter.ToYaml(options), "yaml").Bind<RunOptions>().Should().BeEquivalentTo(options), iter: 1000, seed: "0000KOIPe036", threads: 1);

    [Fact]
    public void Json_binds_back_to_an_equal_record() => Options.Sample(
        options => ConfigDocument.Parse(ConfigWriter.ToJson(options), "json").Bind<RunOptions>().Should().BeEquivalentTo(options), iter: 1000, seed: "0000KOIPe036", threads: 1);

    [Fact]
    public void Every_option_is_written_in_camel_case()
    {
        var options = new RunOptions { Name = "true", Stages = [new() { Kind = "conv", Sizes = [1, 2] }], Labels = new Dictionary<string, string> { ["on"] = "a b" } };

        ConfigWriter.ToYaml(options).Should().Be("""
            name: "true"
            notes: null
            seed: 0
            noise: logSnr
            training:
              epochs: 10
              warmupEpochs: 1
              batchSize: 64
              learningRate: 0.0001
              betas: [0.9, 0.95]
              clip: null
              smoothing: 0.1
              mixed: false
            stages:
            - kind: conv
              sizes: [1, 2]
            labels:
              "on": "a b"

            """);
        ConfigWriter.ToJson(new RunOptions()).Should().StartWith("{\n  \"name\": \"run\",\n  \"notes\": null,").And.EndWith("}\n");
    }
}
