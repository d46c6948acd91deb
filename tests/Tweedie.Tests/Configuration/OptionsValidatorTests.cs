using System.ComponentModel.DataAnnotations;
using Tweedie.Configuration;

namespace Tweedie.Tests.Configuration;

public sealed class OptionsValidatorTests
{
    private static readonly RunOptions Valid = new();

    public static TheoryData<object, string> Invalid => new()
    {
        { Valid with { Training = new() { LearningRate = double.NaN } }, "options: training.learningRate = NaN is not a finite number" },
        { Valid with { Training = new() { LearningRate = 0 } }, "options: training.learningRate = 0 is out of range: more than 0, at most 1" },
        { Valid with { Training = new() { Smoothing = float.PositiveInfinity } }, "options: training.smoothing = Infinity is not a finite number" },
        { Valid with { Training = new() { Clip = 1.4 } }, "options: training.clip = 1.4 is out of range: 0 to 1" },
        { Valid with { Training = new() { Betas = [0.5, 1] } }, "options: training.betas[1] = 1 is out of range: at least 0, less than 1" },
        { Valid with { Training = new() { BatchSize = 0 } }, "options: training.batchSize = 0 is out of range: at least 1" },
        { Valid with { Training = null! }, "options: training = null must be given" },
        { Valid with { Name = null! }, "options: name = null must be given" },
        { Valid with { Noise = (RunOptions.NoiseKind)9 }, "options: noise = 9 is not one of cosine, linear, logSnr" },
        { Valid with { Stages = [new() { Kind = "a" }, new() { Kind = null! }] }, "options: stages[1].kind = null must be given" },
        { new Pattern { Code = "x1" }, "options: code = \"x1\" is invalid: The field code must match the regular expression '[a-z]+'." },
        { new Pattern { Path = "" }, "options: path = \"\" must be given" },
        { new Pattern { Code = "" }, "options: code = \"\" is too short: its length must be at least 1" },
    };

    [Theory, MemberData(nameof(Invalid))]
    public void Invalid_options_are_named_with_their_value_and_range(object options, string message)
    {
        var validate = () => OptionsValidator.Validate(options, "options");

        validate.Should().Throw<TweedieException>().WithMessage(message);
    }

    [Fact]
    public void Valid_options_pass()
    {
        OptionsValidator.Validate(Valid, "options");
        OptionsValidator.Validate(Valid with { Training = new() { Clip = 1, BatchSize = int.MaxValue, LearningRate = 1 } }, "options");
    }

    [Fact]
    public void Lists_of_other_kinds_are_bound_and_validated()
    {
        var bind = (string sizes) => ConfigDocument.Parse($"sizes: {sizes}", "x.yaml").Bind<Pattern>().Sizes;

        bind("[1, 4]").Should().Equal(1, 4);
        bind("null").Should().BeNull();
        FluentActions.Invoking(() => bind("[1, 5]")).Should().Throw<TweedieException>().WithMessage("x.yaml:1: sizes[1] = 5 is out of range: 1 to 4");
    }

    private sealed record Pattern
    {
        [MinLength(1), RegularExpression("[a-z]+")]
        public string Code { get; init; } = "a";

        [Required]
        public string? Path { get; init; } = "x";

        [Range(1, 4)]
        public IList<int>? Sizes { get; init; }
    }
}
