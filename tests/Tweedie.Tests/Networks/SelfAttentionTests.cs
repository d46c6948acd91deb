using Tweedie.Networks;
using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

[Collection(GlobalState.Name)]
public sealed class SelfAttentionTests
{
    private const int Width = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Attention_to_a_context_is_attention_to_its_tokens_joined_with_the_own(int copies)
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(Width, heads: 2);
        var (context, tokens) = (randn(2, 5, Width).requires_grad_(), randn(2 * copies, 3, Width));
        var (repeated, own) = (context.detach().clone().requires_grad_(), tokens.detach().clone().requires_grad_());
        tokens.requires_grad_();

        var mixed = attention.Attend(tokens, attention.KeysAndValues(context));
        var joined = attention.forward(cat([repeated.repeat_interleave(copies, 0), own], 1)).narrow(1, 5, 3);
        mixed.square().sum().backward();
        joined.square().sum().backward();

        mixed.ShouldBeWithin(1e-6, joined);
        context.grad!.ShouldBeWithin(1e-5, repeated.grad!);
        tokens.grad!.ShouldBeWithin(1e-5, own.grad!);
    }

    [Fact]
    public void One_token_stands_for_several_equal_ones()
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(Width, heads: 2);
        var (context, tokens) = (randn(1, 1, Width), randn(4, 3, Width));

        var mixed = attention.Attend(tokens, attention.KeysAndValues(context) with { Multiplicity = 7 });

        mixed.ShouldBeWithin(1e-6, attention.Attend(tokens, attention.KeysAndValues(context.expand(4, 7, Width))));
    }
}
