using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Diffusion.Autoregressive;

public sealed class BeamSearchTests : IDisposable
{
    private const int End = 2, Tokens = 5, Classes = 3;
    private static readonly int[] _items = [.. Enumerable.Range(0, 6)];

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    private static List<StepSnapshot> Run(Language language, int beams, int top = 0) =>
        [.. new BeamSearch(beams, Guidance.None, End).Run(language, new TorchNoise(CPU)).Select(step => step.Snapshot(top))];

    private static double Score((long[] Tokens, double LogProbability) sentence) => sentence.LogProbability / sentence.Tokens.Length;

    private static double Score(Language language, int item, long[] row)
    {
        var length = Array.IndexOf(row, End) is >= 0 and var end ? end + 1 : row.Length;
        return Enumerable.Range(0, length).Sum(place => language.LogProbabilities(item, row[..place])[row[place]]) / length;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Enough_beams_find_the_best_of_all_sentences(int seed)
    {
        var language = new Language(seed, Classes, Tokens, _items);
        var found = Run(language, beams: 100)[^1].Tokens;

        foreach (var item in _items)
        {
            var best = language.Sentences(item, End).MaxBy(Score);
            found[item].Take(best.Tokens.Length).Should().Equal(best.Tokens);
            found[item].Skip(best.Tokens.Length).Should().OnlyContain(token => token == End);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void One_beam_is_greedy(int seed)
    {
        var language = new Language(seed, classes: 7, tokens: 9, _items);

        Run(language, beams: 1).Should().BeEquivalentTo(
            new TokenByToken(ToOne.Argmax, Guidance.None, End).Run(language, new TorchNoise(CPU)).Select(step => step.Snapshot()), options => options.WithStrictOrdering());
    }

    [Fact]
    public void More_beams_find_better_sentences_on_the_whole()
    {
        double Mean(int beams) => Enumerable.Range(0, 20).Average(seed =>
        {
            var language = new Language(seed, classes: 5, tokens: 8, _items);
            return Run(language, beams)[^1].Tokens.Index().Average(row => Score(language, row.Index, row.Item));
        });

        Mean(4).Should().BeGreaterThan(Mean(1) + 0.05);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_sentence_of_an_item_does_not_depend_on_its_batch(int seed)
    {
        var together = Run(new Language(seed, classes: 5, tokens: 12, _items), beams: 3)[^1].Tokens;

        foreach (var item in _items)
            Run(new Language(seed, classes: 5, tokens: 12, item), beams: 3)[^1].Tokens[0].Should().Equal(together[item]);
    }

    [Fact]
    public void It_stops_when_all_beams_have_ended_and_its_scores_are_those_of_the_sentence_shown()
    {
        var language = new Language(seed: 3, Classes, tokens: 40, _items);

        var steps = Run(language, beams: 3, top: Classes);

        steps.Should().HaveCountLessThan(40);
        steps.Should().AllSatisfy(step => step.Hidden.Should().AllSatisfy(row => row.Should().Equal(Enumerable.Range(0, 40).Select(place => !step.IsLast && place > step.Index))));
        foreach (var (item, row) in steps[^1].Tokens.Index())
            for (var place = 0; place <= Array.IndexOf(row, End); place++)
                for (var rank = 0; rank < Classes; rank++)
                    Math.Log(steps[^1].Probabilities[item][place][rank]).Should().BeApproximately(
                        language.LogProbabilities(item, row[..place])[steps[^1].Entries[item][place][rank]], 1e-4);
    }
}
