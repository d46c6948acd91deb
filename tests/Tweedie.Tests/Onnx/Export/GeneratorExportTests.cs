using Tweedie.Models;
using Tweedie.Onnx;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Text;
using Tweedie.Tokens;

namespace Tweedie.Tests.Onnx;

/// <summary>Exported generators of texts and rows give the scores of libtorch at every step, and the same rows.</summary>
public sealed class GeneratorExportTests
{
    private static readonly TextGeneratorOptions Plain = TinyTextGenerator.Options;

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void Every_step_of_a_text_is_that_of_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var generator = TinyTextGenerator.Create(Plain with { Method = method });
        OnnxExport.Export(generator, folder.Path);
        using var exported = OnnxGenerator.Load(folder.Path);
        var template = TokenTemplate.Parse("a [_] dog [__]", generator.Tokenizer);
        using var constraint = generator.Constrain(template);
        var sampling = Of(method, steps: 5, seed: 2);

        exported.Steps(3, KnownTemplate.Of(template, exported.Options), sampling).ShouldBeWithin(1e-4, generator.Denoise(3, constraint, sampling), method == TokenMethod.Ar);
        exported.Steps(2, null, sampling).ShouldBeWithin(1e-4, generator.Denoise(2, null, sampling), method == TokenMethod.Ar);
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    [InlineData(TokenMethod.Ar)]
    public void Texts_are_those_of_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        using var generator = TinyTextGenerator.Create(Plain with { Method = method });
        OnnxExport.Export(generator, folder.Path);
        using var exported = OnnxGenerator.Load(folder.Path);
        var sampling = Of(method, steps: 8, seed: 4);

        exported.Generate(3, "two big", 14, sampling).Should().Equal(generator.Generate(3, "two big", 14, sampling));
        exported.Generate(2, sampling: sampling).Should().Equal(generator.Generate(2, sampling: sampling));
        var template = TokenTemplate.Parse("a [__] runs...", generator.Tokenizer);
        exported.Fill(template, 2, sampling).Should().Equal(generator.Fill(template, 2, sampling));
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public async Task Rows_are_those_of_libtorch(TokenMethod method)
    {
        using var folder = new TemporaryFolder();
        var columns = new TokenColumns([new("color", ["red", "green", "blue"]), new("size", ["small", "large"]), new("shape", ["ring", "disc", "star"])]);
        var options = new RowGeneratorOptions { Tokens = 3, Method = method, Denoiser = Plain.Denoiser };
        var network = TokenNetwork.Create(options, columns.VocabularySize);
        TinyNetwork.Randomize(network);
        using var generator = new RowGenerator(options, network, columns);
        OnnxExport.Export(generator, folder.Path);
        using var exported = OnnxRowGenerator.Load(folder.Path);
        long[][] rows = [[2, -1, -1], [-1, -1, -1], [-1, 1, 0], [-1, 0, -1]];

        foreach (var sampling in new SamplingOptions?[] { null, new() { ToOne = ToOneKind.Multinomial, Seed = 3, Steps = 4 } })
        {
            exported.Fill(rows, sampling).Should().BeEquivalentTo(generator.Fill(rows, sampling), choice => choice.WithStrictOrdering());
            var steps = exported.Denoise(rows, sampling, top: 1).ToList();
            var expected = new List<StepSnapshot>();
            await foreach (var step in generator.DenoiseAsync(rows, top: 1, sampling))
                expected.Add(step);
            steps.Select(step => step.Tokens).Should().BeEquivalentTo(expected.Select(step => step.Tokens), choice => choice.WithStrictOrdering());
            steps[^1].Tokens.Should().BeEquivalentTo(exported.Fill(rows, sampling), choice => choice.WithStrictOrdering());
        }
    }

    // An autoregressive model has as many steps as tokens, and by argmax all its draws would be the same.
    private static SamplingOptions Of(TokenMethod method, int steps, long seed) =>
        method == TokenMethod.Ar ? new() { ToOne = ToOneKind.Multinomial, Seed = seed } : new() { Steps = steps, Seed = seed };
}
