using System.ComponentModel.DataAnnotations;
using Tweedie.Images;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Tweedie.Tests.Data;

public sealed class DataOptionsTests
{
    [Fact]
    public void A_config_section_is_read_with_camel_case_keys()
    {
        const string yaml = """
            train: shapes:count=2000
            test: ../other
            holdout: 100
            limit: 500
            workers: 2
            mean: [0.1, 0.2, 0.3]
            std: [0.5, 0.5, 0.5]
            augment:
              padCrop: 4
              flip: true
            """;
        var deserializer = new DeserializerBuilder().WithNamingConvention(CamelCaseNamingConvention.Instance).Build();
        var options = deserializer.Deserialize<DataOptions>(yaml);

        options.Should().BeEquivalentTo(new DataOptions
        {
            Train = "shapes:count=2000",
            Test = "../other",
            Holdout = 100,
            Limit = 500,
            Workers = 2,
            Mean = [0.1, 0.2, 0.3],
            Std = [0.5, 0.5, 0.5],
            Augment = new AugmentOptions { PadCrop = 4, Flip = true },
        });
    }

    [Fact]
    public void Wrong_values_are_found()
    {
        var results = new List<ValidationResult>();
        var options = new DataOptions { Holdout = -1, Limit = 0, Workers = -1 };
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).Should().BeFalse();

        results.SelectMany(result => result.MemberNames).Should().BeEquivalentTo("Train", "Holdout", "Limit", "Workers");
    }
}
