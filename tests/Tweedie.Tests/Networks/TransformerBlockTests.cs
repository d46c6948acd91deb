using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

[Collection(GlobalState.Name)]
public sealed class TransformerBlockTests
{
    public TransformerBlockTests() => manual_seed(29);

    // A block whose other branch gives zero, so that one branch's share can be read off the output.
    private static TransformerBlock WithSilent(string branchOutput, double dropPath)
    {
        var block = new TransformerBlock(width: 8, heads: 2, dropPath: dropPath);
        using var noGrad = no_grad();
        var state = block.state_dict();
        state[$"{branchOutput}.weight"].zero_();
        state[$"{branchOutput}.bias"].zero_();
        return block;
    }

    [Theory]
    [InlineData("attn.proj")]
    [InlineData("mlp.fc2")]
    public void In_training_a_sample_keeps_a_scaled_branch_or_skips_it_and_the_mean_is_unbiased(string silent)
    {
        const int items = 4000;
        const double dropPath = 0.3, keep = 1 - dropPath;
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using var block = WithSilent(silent, dropPath);
        var input = randn(1, 3, 8).expand(items, 3, 8);
        block.eval();
        var branch = block.forward(input[0].unsqueeze(0)) - input[0];
        block.train();

        var added = block.forward(input) - input;
        var share = (added * branch).sum([1, 2]) / branch.Squared().sum();

        added.ShouldBeWithin(1e-5, share.view(-1, 1, 1) * branch);
        minimum(share.abs(), share.Plus(-1 / keep).abs()).max().item<float>().Should().BeLessThan(1e-4f);
        share.mean().item<float>().Should().BeApproximately(1, (float)(6 * Math.Sqrt(dropPath / keep / items)));
    }

    [Fact]
    public void In_evaluation_nothing_is_dropped()
    {
        using var scope = NewDisposeScope();
        using var block = new TransformerBlock(width: 8, heads: 2, dropPath: 0.9, dropout: 0.5);
        using var whole = new TransformerBlock(width: 8, heads: 2);
        whole.load_state_dict(block.state_dict());
        var input = randn(16, 3, 8);
        block.eval();

        block.forward(input).ShouldEqual(whole.forward(input));
    }

    [Fact]
    public void Dropout_zeroes_its_share_of_each_branch_and_keeps_the_mean()
    {
        using var scope = NewDisposeScope();
        const double dropout = 0.25;
        using var block = new TransformerBlock(width: 8, heads: 2, mlpRatio: 0.25, dropout: dropout);
        foreach (var (name, weight) in block.named_parameters().Where(parameter => parameter.name.StartsWith("mlp", StringComparison.Ordinal)))
            nn.init.zeros_(weight); // only attention's branch is left
        var input = randn(1, 4, 8).expand(2000, 4, 8);
        block.eval();
        var branch = block.forward(input) - input;
        block.train();
        var share = (block.forward(input) - input) / branch;

        minimum(share.abs(), share.Plus(-1 / (1 - dropout)).abs()).max().item<float>().Should().BeLessThan(1e-3f);
        share.Is(0).to(float32).mean().item<float>().Should().BeApproximately((float)dropout, (float)(6 * Math.Sqrt(dropout * (1 - dropout) / share.numel())));
    }

    [Fact]
    public void Attending_to_the_keys_and_values_of_more_tokens_equals_attending_to_them_jointly()
    {
        using var scope = NewDisposeScope();
        using var block = new TransformerBlock(width: 12, heads: 3);
        var (context, tokens) = (randn(2, 4, 12), randn(2, 5, 12));

        var joint = block.forward(cat([context, tokens], 1)).narrow(1, 4, 5);

        block.Attend(tokens, block.KeysAndValues(context)).ShouldBeWithin(1e-5, joint);
    }

    [Fact]
    public void Under_causal_attention_a_token_does_not_see_those_behind_it()
    {
        using var scope = NewDisposeScope();
        using var block = new TransformerBlock(width: 8, heads: 2);
        var tokens = randn(2, 5, 8);
        var other = cat([tokens.narrow(1, 0, 3), randn(2, 2, 8)], 1);

        var (output, changed) = (Causal(tokens), Causal(other));

        changed.narrow(1, 0, 3).ShouldBeWithin(1e-6, output.narrow(1, 0, 3));
        changed.narrow(1, 3, 2).ShouldNotEqual(output.narrow(1, 3, 2));
        Causal(tokens.narrow(1, 0, 1)).ShouldBeWithin(1e-6, output.narrow(1, 0, 1));

        Tensor Causal(Tensor of) => block.Attend(of, context: null, isCausal: true);
    }

    [Fact]
    public void Heads_that_do_not_divide_the_width_are_refused() =>
        FluentActions.Invoking(() => new TransformerBlock(width: 10, heads: 3)).Should().Throw<ArgumentException>().WithMessage("*3*10*");
}
