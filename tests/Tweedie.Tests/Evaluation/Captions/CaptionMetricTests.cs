using CsCheck;
using Tweedie.Metrics;

namespace Tweedie.Tests.Evaluation.Captions;

/// <summary>What caption metrics must satisfy whatever the captions.</summary>
public sealed class CaptionMetricTests
{
    private static readonly Gen<string[]> _tokens = Gen.OneOfConst("a", "b", "c", "d").Array[0, 12];

    private static readonly Gen<TokenizedCaption> _caption =
        Gen.Select(_tokens, _tokens.Array[1, 4], (candidate, references) => new TokenizedCaption(candidate, references));

    [Fact]
    public void A_caption_equal_to_its_reference_has_full_scores()
    {
        TokenizedCaption[] captions =
        [
            TokenizedCaption.Of("a man rides a brown horse", ["A man rides a brown horse."]),
            TokenizedCaption.Of("two cats sleep on one sofa", ["Two cats sleep on one sofa."]),
        ];

        var scores = CaptionScores.Of(captions);

        scores.Bleu.Score(4).Should().BeApproximately(1, 1e-6);
        scores.RougeL.Should().BeApproximately(1, 1e-12);
        scores.CiderD.Should().BeApproximately(10, 1e-9);
    }

    [Fact]
    public void Scores_stay_in_their_ranges() =>
        _caption.Array[1, 6].Sample(captions =>
        {
            var scores = CaptionScores.Of(captions);
            for (var n = 1; n <= 4; n++)
                scores.Bleu.Score(n).Should().BeInRange(0, 1.000001);
            scores.RougeL.Should().BeInRange(0, 1.000001);
            scores.CiderD.Should().BeInRange(0, 10.000001);
            scores.Bleu.Correct.Zip(scores.Bleu.Guessed).Should().OnlyContain(pair => pair.First <= pair.Second);
        });

    [Fact]
    public void The_order_of_references_does_not_matter() =>
        _caption.Array[1, 6].Sample(captions =>
        {
            TokenizedCaption[] reversed = [.. captions.Select(caption => caption with { References = [.. caption.References.Reverse()] })];
            var (scores, again) = (CaptionScores.Of(captions), CaptionScores.Of(reversed));

            again.Bleu.Score(4).Should().Be(scores.Bleu.Score(4));
            again.RougeL.Should().BeApproximately(scores.RougeL, 1e-12);
            again.CiderD.Should().BeApproximately(scores.CiderD, 1e-12);
        });

    [Fact]
    public void Distinct_n_and_lengths_are_counted_over_the_set()
    {
        IReadOnlyList<string>[] captions = [["a", "dog", "runs"], ["a", "dog", "runs"], ["a", "cat"], []];

        var diversity = CaptionDiversity.Of(captions);

        diversity.Should().Be(new CaptionDiversity(4, 1, 2, Math.Sqrt(1.5), 0, 3, 4 / 8.0, 3 / 5.0, 4, 3 / 4.0, 0));
        CaptionDiversity.Of([["a", "a", "dog"], ["a"], ["dog", "dog", "dog"]]).Repeats.Should().Be(3 / 7.0, "a word is compared with the one before it in its caption");
        CaptionDiversity.Distinct(captions, 3).Should().Be(0.5);
        CaptionDiversity.Of([]).Captions.Should().Be(0);
    }

    [Fact]
    public void Captions_without_references_and_empty_sets_are_refused_in_one_line()
    {
        var noReference = () => TokenizedCaption.Of("a dog", []);
        var noCaption = () => CaptionScores.Of([]);

        noReference.Should().Throw<TweedieException>().WithMessage("The caption 'a dog' has no reference*");
        noCaption.Should().Throw<TweedieException>().WithMessage("There are no captions*");
    }
}
