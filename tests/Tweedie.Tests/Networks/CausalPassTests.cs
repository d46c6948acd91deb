using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

public sealed class CausalPassTests : IDisposable
{
    private const int Classes = 9, Items = 3, Tokens = 7, ConditionWidth = 10;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Denoiser _network;
    private readonly Tensor _condition;
    private readonly Tensor _tokens;

    public CausalPassTests()
    {
        using var generator = new Generator(2);
        using var noGrad = no_grad();
        _network = Network(PositionKind.Random, generator);
        _condition = randn([Items, 4, ConditionWidth], float32, generator: generator);
        _tokens = randint(0, Classes, [Items * 2, Tokens], int64, generator: generator);
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    private static Denoiser Network(PositionKind positions, Generator generator)
    {
        var network = new Denoiser(new DenoiserOptions { Width = 12, Depth = 2, Heads = 3, Positions = positions }, Classes, Tokens, ConditionWidth, isCausal: true);
        foreach (var parameter in network.parameters())
            parameter.Increase(randn(parameter.shape, float32, generator: generator).Times(0.3));
        return network;
    }

    private ConditionedDenoiser Bind(int draws = 1) => Bind(_network, draws);

    private ConditionedDenoiser Bind(Denoiser network, int draws) => new(network, _condition, new PrefixSpace(network.Embedding.Weight), draws);

    private static NoiseLevels Level => NoiseLevels.Of(1, 0, CPU);

    [Theory]
    [InlineData(1.0, PositionKind.Random)]
    [InlineData(2.5, PositionKind.Random)]
    [InlineData(2.5, PositionKind.Rotary)]
    public void Scores_of_a_pass_are_those_of_one_causal_forward(double guidance, PositionKind positions)
    {
        using var noGrad = no_grad();
        using var generator = new Generator(3);
        using var network = Network(positions, generator);
        using var denoiser = Bind(network, draws: 2);
        using var pass = ((ICausalDenoiser)denoiser).Begin();

        var scores = cat([.. Enumerable.Range(0, Tokens).Select(position => pass.Next(_tokens, position, guidance).All())], 1);

        scores.ShouldBeWithin(1e-5, denoiser.Predict(_tokens, Level, guidance).All());
        pass.Rows.Should().Be(Items * 2);
    }

    [Fact]
    public void Guidance_may_begin_and_end_at_any_step()
    {
        double[] scales = [1, 1, 1.5, 1, 1, 3, 0];
        using var denoiser = Bind(draws: 2);
        using var pass = ((ICausalDenoiser)denoiser).Begin();

        foreach (var (position, scale) in scales.Index())
            pass.Next(_tokens, position, scale).All().ShouldBeWithin(1e-5, denoiser.Predict(_tokens, Level, scale).All().narrow(1, position, 1));
    }

    [Fact]
    public void Rows_that_change_places_keep_their_past()
    {
        using var denoiser = Bind();
        using var pass = ((ICausalDenoiser)denoiser).Begin(rows: 2);
        var from = tensor(new long[] { 1, 0, 2, 2, 5, 5 }); // within each item
        for (var position = 0; position < 4; position++)
            _ = pass.Next(_tokens, position, 2);
        var moved = cat([_tokens.index_select(0, from).narrow(1, 0, 4), _tokens.narrow(1, 4, 3)], 1);

        pass.Reorder(from);
        var scores = pass.Next(moved, 4, 2).All();

        using var whole = Bind(draws: 2);
        scores.ShouldBeWithin(1e-5, whole.Predict(moved, Level, 2).All().narrow(1, 4, 1));
    }

    [Fact]
    public void A_token_changes_only_the_scores_behind_it()
    {
        using var denoiser = Bind(draws: 2);
        var before = denoiser.Predict(_tokens, Level, 2).All();

        for (var changed = 0; changed < Tokens; changed++)
        {
            var other = _tokens.clone();
            other.select(1, changed).copy_(_tokens.select(1, changed).Plus(1).Modulo(Classes));
            var after = denoiser.Predict(other, Level, 2).All();

            after.narrow(1, 0, changed + 1).ShouldBeWithin(1e-6, before.narrow(1, 0, changed + 1));
            for (var place = changed + 1; place < Tokens; place++)
                (after - before).select(1, place).abs().amax([1]).min().item<float>().Should().BeGreaterThan(1e-4f, "every token behind it sees it");
        }
    }

    [Fact]
    public void All_tokens_see_the_condition_and_its_tokens_see_each_other()
    {
        using var denoiser = Bind(draws: 2);
        var before = denoiser.Predict(_tokens, Level, 1).All();
        var context = _network.Prepare(_condition)[1].Keys;

        _condition.select(1, 3).Increase(ones(1)); // the last condition token
        using var other = Bind(draws: 2);

        (other.Predict(_tokens, Level, 1).All() - before).abs().amax([2]).min().item<float>().Should().BeGreaterThan(1e-4f);
        (_network.Prepare(_condition)[1].Keys - context).select(2, 0).abs().max().item<float>().Should().BeGreaterThan(1e-4f, "nothing is causal in the condition");
    }

    [Fact]
    public void A_network_whose_tokens_see_those_behind_them_writes_no_rows()
    {
        using var network = new Denoiser(new DenoiserOptions { Width = 12, Depth = 1, Heads = 3 }, Classes, Tokens, ConditionWidth);
        using var denoiser = new ConditionedDenoiser(network, _condition, new PrefixSpace(network.Embedding.Weight));

        FluentActions.Invoking(() => ((ICausalDenoiser)denoiser).Begin()).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_pass_outlives_scopes_and_disposes_of_what_it_holds()
    {
        using var denoiser = Bind(draws: 2);
        LiveTensors.LeftBy(() =>
        {
            ICausalPass pass;
            using (NewDisposeScope())
                pass = ((ICausalDenoiser)denoiser).Begin();
            using (pass)
                for (var position = 0; position < Tokens; position++)
                    using (NewDisposeScope())
                        pass.Next(_tokens, position, 1).All().isfinite().all().item<bool>().Should().BeTrue();
        }).Should().Be(0);
    }
}
