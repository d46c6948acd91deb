using TorchSharp;
using Tweedie.Diffusion;
using static TorchSharp.torch;
using static Tweedie.TensorArithmetic;

namespace Tweedie.Tests.Diffusion;

/// <summary>Compares logits of 9,000 entries, which take three chunks, with the same scores as one tensor.</summary>
public sealed class LogitsTests : IDisposable
{
    private const int Classes = 9000;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Logits _logits;
    private readonly Tensor _scores;

    public LogitsTests()
    {
        using var generator = new Generator(3);
        var (hidden, weight) = (randn([2, 3, 8], float32, generator: generator), randn([Classes, 8], float32, generator: generator));
        var bias = randn([Classes], float32, generator: generator);
        _logits = new Logits(hidden, weight, bias);
        _scores = hidden.matmul(weight.t()).Plus(bias);
    }

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void Chunks_side_by_side_are_all_the_scores()
    {
        _logits.Chunks.Should().Be(3);

        var parts = Enumerable.Range(0, _logits.Chunks).Select(_logits.Chunk).ToList();

        cat(parts, -1).ShouldBeWithin(1e-5, _scores);
        Logits.ChunkStart(2).Should().Be(parts[0].shape[^1] + parts[1].shape[^1]);
        _logits.All().ShouldBeWithin(1e-5, _scores);
    }

    [Fact]
    public void Picked_tokens_have_their_scores_alone()
    {
        var picked = tensor(new[,] { { true, false, false }, { false, true, true } });
        var expected = stack([_scores[0, 0], _scores[1, 1], _scores[1, 2]]).unsqueeze(0);

        _logits.At(picked).All().ShouldBeWithin(1e-5, expected);
        Logits.Of(_scores.alias()).At(picked).All().ShouldEqual(expected);
    }

    [Fact]
    public void Probabilities_of_a_few_entries_are_those_of_the_whole_softmax()
    {
        var entries = tensor(new long[] { 8999, 0, 4096, 17 });
        var probabilities = softmax(_scores, -1);

        _logits.Probabilities().ShouldBeWithin(1e-6, probabilities);
        _logits.Probabilities(entries).ShouldBeWithin(1e-6, probabilities.index_select(-1, entries));
        Logits.Of(_scores.alias()).Probabilities(entries).ShouldBeWithin(1e-6, probabilities.index_select(-1, entries));
    }

    [Fact]
    public void The_top_entries_are_those_of_the_whole_softmax_best_first()
    {
        var (expected, entries) = softmax(_scores, -1).topk(20);

        var top = _logits.Top(20);

        top.Entries.ShouldEqual(entries);
        top.Probabilities.ShouldBeWithin(1e-6, expected);
    }

    [Fact]
    public void The_normalizer_holds_where_exponentials_would_not()
    {
        var scores = Filled([1, 1, Classes], 500, float32, CPU);
        scores[0, 0, 4500] = 600f;

        Logits.Of(scores).LogNormalizer().ShouldBeWithin(1e-4, Filled([1, 1], 600, float32, CPU));
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(300.0)] // most shares are then too small for single precision
    public void The_mean_of_rows_is_weighted_by_the_whole_softmax(double spread)
    {
        var rows = randn([Classes, 4], float32, generator: new Generator(5));
        var expected = matmul(softmax(_scores.to(float64).Times(spread), -1), rows.to(float64));

        Logits.Of(_scores.Times(spread)).Mean(rows).ShouldBeWithin(1e-4, expected);
        Logits.Of(_scores.Times(spread)).LogNormalizer().ShouldBeWithin(1e-3, _scores.to(float64).Times(spread).logsumexp(-1));
    }

    [Fact]
    public void Exponentials_stop_where_single_precision_loses_digits_and_no_sum_shows_it()
    {
        var exponentials = Logits.Exponentials(tensor(new[] { 0f, -20f, -95f, -500f }));

        exponentials.ShouldBeWithin(1e-15, tensor(new[] { 1.0, Math.Exp(-20), 0, 0 }));
        exponentials.min().item<float>().Should().BeInRange(0.9e-20f, 1.1e-20f);
    }

    [Fact]
    public void Scores_with_others_added_are_their_sum_in_every_way_of_reading_and_stay_as_they_were()
    {
        using var generator = new Generator(4);
        var (hidden, weight, bias) = (randn([2, 3, 5], float32, generator: generator), randn([Classes, 5], float32, generator: generator), randn([Classes], float32, generator: generator));
        var prior = randn([3, Classes], float32, generator: generator);
        var (before, expected) = (_scores.clone(), _scores.Plus(matmul(hidden, weight.t())).Plus(bias).Plus(prior));
        var picked = tensor(new[,] { { true, false, false }, { false, true, true } });
        var added = new Logits(hidden, weight, bias).Plus(Logits.Of(prior.expand(2, -1, -1)));
        foreach (var sum in new[] { _logits.Plus(added), Logits.Of(_scores).Plus(added) })
        {
            sum.All().ShouldBeWithin(1e-4, expected);
            cat([.. Enumerable.Range(0, sum.Chunks).Select(sum.Chunk)], -1).ShouldBeWithin(1e-4, expected);
            sum.At(picked).All().ShouldBeWithin(1e-4, expected[picked].unsqueeze(0));
            sum.Range(2, 3).All().ShouldBeWithin(1e-4, expected.flatten(0, 1).narrow(0, 2, 3).unsqueeze(0));
        }
        _scores.ShouldEqual(before);
        var own = Logits.Of(_scores).OwnChunk(0);
        own.zero_();
        _scores.ShouldEqual(before);
    }

    [Fact]
    public void Reading_records_no_gradients_but_all_scores_do()
    {
        var weight = randn(5, 8).requires_grad_();
        var logits = new Logits(randn(1, 1, 8), weight, null);

        logits.Probabilities().requires_grad.Should().BeFalse();
        logits.Top(2).Probabilities.requires_grad.Should().BeFalse();
        logits.All().requires_grad.Should().BeTrue();
    }

    [Fact]
    public void Reading_leaves_no_tensor() => LiveTensors.LeftBy(() =>
    {
        _logits.All().Dispose();
        _logits.Chunk(1).Dispose();
        _logits.Probabilities().Dispose();
        _logits.LogNormalizer().Dispose();
        _logits.Top(5).Dispose();
    }).Should().Be(0);
}
