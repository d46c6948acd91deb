using TorchSharp;
using Tweedie.Diffusion;
using Tweedie.Networks;
using Tweedie.Sampling;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

[Collection(GlobalState.Name)]
public sealed class DenoiserTests : IDisposable
{
    private const int Classes = 7;
    private const int ConditionWidth = 10;
    private static readonly DenoiserOptions Small = new() { Width = 12, Depth = 3, Heads = 3, MlpRatio = 2 };

    private readonly DisposeScope _scope = NewDisposeScope();

    public DenoiserTests() => manual_seed(41);

    public void Dispose() => _scope.Dispose();

    private static Denoiser Create(int tokens)
    {
        var network = new Denoiser(Small, Classes, tokens, ConditionWidth);
        using var noGrad = no_grad();
        foreach (var parameter in network.parameters())
            parameter.Increase(randn_like(parameter).Times(0.1)); // no zero biases, no unit norms
        return network;
    }

    private static Tensor Run(Denoiser network, Tensor noisy, Tensor timesteps, Tensor condition) =>
        Logits(network, noisy, timesteps, network.Prepare(condition)).All();

    private static Logits Logits(Denoiser network, Tensor noisy, Tensor timesteps, IReadOnlyList<KeyValues> context) =>
        network.Project(network.Hidden(new OneHotSpace(network.Embedding.Weight).Embed(noisy, ones(1, 1, float64)), timesteps.unsqueeze(1), context));

    [Fact]
    public void Positions_can_begin_as_sinusoids()
    {
        using var network = new Denoiser(Small with { Width = 15, Positions = PositionKind.Sinusoids }, Classes, tokens: 4, ConditionWidth);
        var positions = network.get_parameter("pos_embed")!.detach()[0];

        for (var place = 0; place < 4; place++)
            for (var frequency = 0; frequency < 7; frequency++)
            {
                var angle = place * Math.Pow(10_000, -frequency / 7.0);
                positions[place, frequency].item<float>().Should().BeApproximately((float)Math.Sin(angle), 1e-5f);
                positions[place, 7 + frequency].item<float>().Should().BeApproximately((float)Math.Cos(angle), 1e-5f);
            }
        positions.narrow(1, 14, 1).abs().max().item<float>().Should().Be(0, "the width is odd");
    }

    [Fact]
    public void The_papers_head_for_the_base_encoder_has_24_million_parameters() =>
        ParameterCount.Of(() => new Denoiser(new DenoiserOptions(), classes: 1000, tokens: 1, conditionWidth: 768))
            .Should().BeInRange(24_150_000, 24_250_000);

    [Fact]
    public void Neighbours_enter_at_a_tokens_place_from_both_sides_and_nothing_enters_from_beyond_the_ends()
    {
        using var network = new Denoiser(Small with { Neighbors = true, Depth = 1 }, Classes, 3, ConditionWidth);
        using var plain = new Denoiser(Small with { Depth = 1 }, Classes, 3, ConditionWidth);
        network.state_dict().Keys.Except(plain.state_dict().Keys).Should().Equal("neighbors.weight");
        plain.load_state_dict(network.state_dict(), strict: false);
        var (embedded, condition) = (randn(2, 3, 12), randn(2, 1, ConditionWidth));
        Tensor Hidden(Denoiser of, Tensor tokens) => of.Hidden(tokens, zeros(1, 1), of.Prepare(condition));

        Hidden(network, embedded).ShouldEqual(Hidden(plain, embedded));
        var weight = network.get_parameter("neighbors.weight")!;
        using (no_grad())
            weight.normal_();
        var sides = cat([cat([zeros(2, 1, 12), embedded.narrow(1, 0, 2)], 1), cat([embedded.narrow(1, 1, 2), zeros(2, 1, 12)], 1)], 2);
        Hidden(network, embedded).ShouldBeWithin(1e-5, Hidden(plain, embedded.Plus(nn.functional.linear(sides, weight))));
    }

    [Fact]
    public void Self_conditioning_changes_nothing_until_it_has_learned_something_and_then_takes_the_prediction_in()
    {
        manual_seed(41);
        using var plain = new Denoiser(Small, Classes, 4, ConditionWidth);
        manual_seed(41);
        using var network = new Denoiser(Small with { SelfConditioning = true }, Classes, 4, ConditionWidth);
        network.state_dict().Keys.Except(plain.state_dict().Keys).Should().Equal("self_cond.weight");
        network.load_state_dict(plain.state_dict(), strict: false);
        var (embedded, condition, previous) = (randn(2, 4, 12), randn(2, 1, ConditionWidth), randn(2, 4, 12));
        Tensor Hidden(Denoiser of, Tensor? before) => of.Hidden(embedded, zeros(1, 1), of.Prepare(condition), before);

        Hidden(network, previous).ShouldEqual(Hidden(plain, null));
        using (no_grad())
            network.get_parameter("self_cond.weight")!.normal_();
        Hidden(network, null).ShouldEqual(Hidden(plain, null));
        (Hidden(network, previous) - Hidden(plain, null)).abs().max().item<float>().Should().BeGreaterThan(0.01f);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(5, 1)]
    [InlineData(5, 4)]
    public void Prepared_conditions_give_what_joint_attention_over_all_tokens_gives(int tokens, int conditionTokens)
    {
        using var network = Create(tokens);
        var noisy = randn(3, tokens, Classes);
        var timesteps = tensor(new long[] { 0, 400, 999 });
        var condition = randn(3, conditionTokens, ConditionWidth);

        var outputs = Run(network, noisy, timesteps, condition);

        outputs.shape.Should().Equal(3, tokens, Classes);
        outputs.ShouldBeWithin(1e-4, new JointAttentionReference(network, Small.Depth, Small.Heads).Outputs(noisy, timesteps, condition));
    }

    [Fact]
    public void Outputs_depend_on_the_state_the_timestep_the_condition_and_the_position()
    {
        using var network = Create(tokens: 2);
        var (noisy, timesteps, condition) = (randn(1, 2, Classes), tensor(new long[] { 300 }), randn(1, 1, ConditionWidth));
        var outputs = Run(network, noisy, timesteps, condition);
        float Difference(Tensor other) => (other - outputs).abs().max().item<float>();

        Difference(Run(network, noisy.Plus(1), timesteps, condition)).Should().BeGreaterThan(1e-3f);
        Difference(Run(network, noisy, timesteps.Plus(100), condition)).Should().BeGreaterThan(1e-3f);
        Difference(Run(network, noisy, timesteps, condition.Plus(1))).Should().BeGreaterThan(1e-3f);
        Difference(Run(network, noisy.flip(1), timesteps, condition).flip(1)).Should().BeGreaterThan(1e-3f);
    }

    [Fact]
    public void Repeating_prepared_conditions_equals_preparing_repeated_ones()
    {
        using var network = Create(tokens: 2);
        var condition = randn(2, 3, ConditionWidth);
        var (noisy, timesteps) = (randn(8, 2, Classes), randint(0, 1000, [8], int64));

        var reused = Logits(network, noisy, timesteps, network.Prepare(condition)).All();

        reused.ShouldBeWithin(1e-5, Run(network, noisy, timesteps, condition.repeat_interleave(4, 0)));
    }

    [Fact]
    public void Gradients_of_reused_features_are_those_of_repeated_ones()
    {
        using var network = Create(tokens: 1);
        var (noisy, timesteps) = (randn(8, 1, Classes), randint(0, 1000, [8], int64));
        var (shared, repeated) = (randn(2, 3, ConditionWidth).requires_grad_(), zeros(0));
        repeated = shared.detach().clone().requires_grad_();

        Logits(network, noisy, timesteps, network.Prepare(shared)).All()
            .Squared().mean().backward();
        Run(network, noisy, timesteps, repeated.repeat_interleave(4, 0)).Squared().mean().backward();

        shared.grad!.ShouldBeWithin(1e-6, repeated.grad!);
        shared.grad!.abs().max().item<float>().Should().BeGreaterThan(1e-5f);
    }

    [Theory]
    [InlineData(0.0, true, false)]
    [InlineData(1.0, false, true)]
    [InlineData(0.5, true, true)]
    public void Gradients_reach_the_embedding_always_and_the_condition_or_the_null_condition_by_turns(
        double dropout, bool reachesCondition, bool reachesNull)
    {
        using var network = Create(tokens: 2);
        var condition = randn(16, 2, ConditionWidth).requires_grad_();
        var tokens = randint(0, Classes, [16, 2], int64);

        var outputs = Logits(network, randn(16, 2, Classes), randint(0, 1000, [16], int64), network.Prepare(network.DropCondition(condition, dropout)));
        new OneHotDiffusion(new DiffusionOptions()).Loss(outputs, tokens, new Corruption(new OneHotSpace(eye(2)), zeros(1), new NoiseLevels(ones(1, 1), zeros(1, 1)))).backward();

        foreach (var (name, parameter) in network.named_parameters())
            ((parameter.grad?.abs().max().item<float>() ?? 0) > 0).Should().Be(name != "null_cond" || reachesNull, name);
        (condition.grad?.abs().max().item<float>() > 0).Should().Be(reachesCondition);
    }

    [Fact]
    public void Dropping_replaces_all_condition_tokens_of_the_given_share_of_items()
    {
        const int items = 4000;
        const double share = 0.1;
        using var network = Create(tokens: 1);
        var condition = randn(items, 3, ConditionWidth);
        var none = network.DropCondition(condition, 1);

        var kept = network.DropCondition(condition, share);

        var isNull = kept.eq(none).all(-1).to(float32);     // (B, M)
        var isCondition = kept.eq(condition).all(-1).to(float32);
        isNull.Plus(isCondition).ShouldEqual(ones(items, 3));
        isNull.ShouldEqual(isNull.narrow(1, 0, 1).expand_as(isNull));
        isNull.mean().item<float>().Should().BeApproximately((float)share, (float)(6 * Math.Sqrt(share * (1 - share) / items)));
    }

    [Fact]
    public void Dropping_nothing_keeps_every_condition_and_dropping_all_keeps_none()
    {
        using var network = Create(tokens: 1);
        var condition = randn(5, 3, ConditionWidth);

        network.DropCondition(condition, 0).ShouldEqual(condition);
        network.DropCondition(condition, 1).ShouldEqual(network.state_dict()["null_cond"].expand(5, 3, -1));
    }

    [Fact]
    public void A_half_precision_condition_stays_half_precision()
    {
        using var network = Create(tokens: 1);

        network.DropCondition(randn(5, 3, ConditionWidth).bfloat16(), 0.5).dtype.Should().Be(ScalarType.BFloat16);
    }

    [Fact]
    public void State_dict_keys_are_in_the_naming_of_timm()
    {
        using var network = new Denoiser(Small with { Depth = 1 }, Classes, tokens: 2, ConditionWidth);

        network.state_dict().Keys.Should().BeEquivalentTo(
            "token_embed.weight", "pos_embed", "null_cond", "time_embed.fc1.weight", "time_embed.fc1.bias", "time_embed.fc2.weight",
            "time_embed.fc2.bias", "cond_embed.weight", "cond_embed.bias", "blocks.0.norm1.weight", "blocks.0.norm1.bias",
            "blocks.0.attn.qkv.weight", "blocks.0.attn.qkv.bias", "blocks.0.attn.proj.weight", "blocks.0.attn.proj.bias",
            "blocks.0.norm2.weight", "blocks.0.norm2.bias", "blocks.0.mlp.fc1.weight", "blocks.0.mlp.fc1.bias", "blocks.0.mlp.fc2.weight",
            "blocks.0.mlp.fc2.bias", "norm.weight", "norm.bias", "head.weight", "head.bias");
    }

    [Fact]
    public void A_single_token_needs_no_position()
    {
        using var network = new Denoiser(Small, Classes, tokens: 1, ConditionWidth);

        network.state_dict().Keys.Should().NotContain("pos_embed");
    }
}
