using Tweedie.Models;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

public sealed class CandidateRowsTests
{
    [Fact]
    public void The_best_draw_of_each_item_is_taken_from_all_batches()
    {
        using var scope = NewDisposeScope();
        // Two items; a batch with two draws of each side by side, and one with a third draw.
        using var candidates = new CandidateRows([tensor(new long[,] { { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 } }), tensor(new long[,] { { 5, 5 }, { 0, 0 } })], items: 2);

        candidates.Best(rows => [.. rows.select(1, 0).data<long>().Select(id => (double)id)]).ShouldEqual(tensor(new long[,] { { 5, 5 }, { 4, 4 } }));
        candidates.Best(rows => [.. rows.select(1, 0).data<long>().Select(id => -(double)id)]).ShouldEqual(tensor(new long[,] { { 1, 1 }, { 0, 0 } }));
    }

    [Fact]
    public void The_draw_that_is_most_alike_ends_where_the_sentence_does()
    {
        using var scope = NewDisposeScope();
        using var candidates = new CandidateRows([tensor(new long[,] { { 1, 2, 9, 7 }, { 3, 4, 5, 6 }, { 1, 2, 9, 6 } })], items: 1);

        candidates.MostAlike(end: 9).ShouldEqual(tensor(new long[,] { { 1, 2, 9, 7 } }));
    }

    [Fact]
    public void The_most_likely_draw_has_the_lowest_nats()
    {
        using var generator = TinyTextGenerator.Create(TinyTextGenerator.Options with { Method = TokenMethod.Ar, Diffusion = new() });
        using var condition = generator.Model.Unconditional(1);
        using var rows = randint(0, generator.Tokenizer.VocabularySize, [6, 6], int64, generator: new Generator(3));

        using var chosen = generator.Model.Choose(CandidateChoice.Likelihood, rows, condition);

        using var all = generator.Model.Unconditional(6);
        var nats = generator.Model.Likelihood(all, rows).Items;
        chosen.ShouldEqual(rows.narrow(0, nats.ToList().IndexOf(nats.Min()), 1));
    }

    [Fact]
    public void A_model_without_an_exact_likelihood_cannot_choose_by_it()
    {
        using var generator = TinyTextGenerator.Create();

        FluentActions.Invoking(() => generator.Model.Resolve(new() { Draws = 3, Choose = CandidateChoice.Likelihood })).Should().Throw<TweedieException>().WithMessage("*likelihood*autoregressive*");
    }
}
