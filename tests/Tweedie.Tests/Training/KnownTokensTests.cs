using Tweedie.Models;
using Tweedie.Sampling;
using Tweedie.Tests.Models;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

[Collection(GlobalState.Name)]
public sealed class KnownTokensTests
{
    private const int Rows = 4_000;

    private static bool[][] Draw(double prefix, double gap, double scattered, int tokens = 8)
    {
        using var scope = NewDisposeScope();
        manual_seed(5);
        return [.. KnownTokens.Draw(new() { Prefix = prefix, Gap = gap, Scattered = scattered }, Rows, tokens, CPU).data<bool>().ToArray().Chunk(tokens)];
    }

    [Fact]
    public void A_prefix_has_every_length_but_none_and_all()
    {
        var rows = Draw(1, 0, 0);
        rows.Should().OnlyContain(row => row.TakeWhile(known => known).Count() == row.Count(known => known));
        Statistics.ChiSquareDeviation(Statistics.Counts(rows.Select(row => row.LongCount(known => known) - 1), 7), [.. Enumerable.Repeat(1 / 7.0, 7)]).Should().BeLessThan(6);
    }

    [Fact]
    public void A_gap_is_one_gap_anywhere()
    {
        var rows = Draw(0, 1, 0);
        rows.Should().OnlyContain(row => row.SkipWhile(known => known).TakeWhile(known => !known).Count() == row.Count(known => !known));
        Statistics.ChiSquareDeviation(Statistics.Counts(rows.Select(row => row.LongCount(known => !known) - 1), 7), [.. Enumerable.Repeat(1 / 7.0, 7)]).Should().BeLessThan(6);
        var ofTwo = rows.Where(row => row.Count(known => !known) == 2).Select(row => (long)Array.IndexOf(row, false)).ToList();
        Statistics.ChiSquareDeviation(Statistics.Counts(ofTwo, 7), [.. Enumerable.Repeat(1 / 7.0, 7)]).Should().BeLessThan(6, "it begins anywhere");
    }

    [Fact]
    public void Shares_say_how_many_rows_have_what()
    {
        var known = Draw(0.2, 0.3, 0.1).Count(row => row.Any(place => place));
        // Of scattered rows, one in nine has none at all.
        known.Should().BeCloseTo((int)(Rows * (0.5 + 0.1 * 8 / 9)), 6 * 32);
        Draw(0, 0, 0).Should().OnlyContain(row => row.All(place => !place));
        Draw(0, 0, 1).Average(row => row.Count(place => place)).Should().BeApproximately(4, 0.3);
    }

    [Theory]
    [InlineData(TokenMethod.Tdd)]
    [InlineData(TokenMethod.Mdd)]
    public void Known_tokens_are_seen_clean_and_have_no_loss(TokenMethod method)
    {
        using var scope = NewDisposeScope();
        using var generator = TinyTextGenerator.Create(TinyTextGenerator.Options with { Method = method });
        var loss = new DiffusionLoss(generator.Options.CreateProcess(TinyTextGenerator.Tokenizer.VocabularySize));
        var tokens = tensor(new long[,] { { 3, 4, 5, 6, 7, 8 }, { 8, 7, 6, 5, 4, 3 } });
        float Loss(Tensor? given)
        {
            manual_seed(11);
            using var noGrad = no_grad();
            return loss.Compute(generator.Model.Network.Denoiser, generator.Model.Unconditional(2), tokens, given: given).item<float>();
        }

        Loss(ones_like(tokens, @bool)).Should().Be(0);
        Loss(zeros_like(tokens, @bool)).Should().Be(Loss(null));
        var half = tensor(new[,] { { true, true, true, false, false, false }, { false, true, false, true, false, true } });
        Loss(half).Should().BeGreaterThan(0).And.NotBe(Loss(null));
    }

    [Fact]
    public void Shares_of_more_than_all_rows_are_refused() =>
        new KnownTokensOptions { Prefix = 0.6, Gap = 0.5 }.Validate(new(new object())).Single().ErrorMessage.Should().Contain("1.1").And.Contain("more than all rows");
}
