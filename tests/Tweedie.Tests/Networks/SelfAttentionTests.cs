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
        mixed.Squared().sum().backward();
        joined.Squared().sum().backward();

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

    [Fact]
    public void Under_causal_attention_a_token_sees_the_context_and_the_tokens_up_to_itself()
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(Width, heads: 2);
        var (context, tokens) = (randn(2, 5, Width), randn(4, 6, Width));
        var seen = attention.KeysAndValues(context);

        var causal = attention.Attend(tokens, seen, isCausal: true);

        for (var last = 0; last < 6; last++)
            causal.narrow(1, last, 1).ShouldBeWithin(1e-6, attention.Attend(tokens.narrow(1, 0, last + 1), seen).narrow(1, last, 1));
    }

    [Theory]
    [InlineData(1, 1, 1, 1, 1, 1)]
    [InlineData(3, 1, 2)]
    [InlineData(6)]
    public void Going_on_from_a_past_is_the_causal_attention_of_the_whole_rows(params int[] counts)
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(Width, heads: 2);
        using var past = new KeyValueCache(6);
        var (context, tokens) = (attention.KeysAndValues(randn(2, 5, Width)), randn(4, 6, Width));

        var parts = counts.Select(count => attention.Continue(tokens.narrow(1, past.Length, count), context, past)).ToList();

        cat(parts, 1).ShouldBeWithin(1e-6, attention.Attend(tokens, context, isCausal: true));
    }

    [Fact]
    public void A_past_follows_its_rows()
    {
        using var scope = NewDisposeScope();
        using var attention = new SelfAttention(Width, heads: 2);
        using var past = new KeyValueCache(6);
        var (context, tokens, rows) = (attention.KeysAndValues(randn(1, 5, Width)), randn(3, 6, Width), tensor(new long[] { 2, 0, 2 }));

        _ = attention.Continue(tokens.narrow(1, 0, 4), context, past);
        past.Reorder(rows);
        var went = attention.Continue(tokens.narrow(1, 4, 2), context, past);

        went.ShouldBeWithin(1e-6, attention.Attend(cat([tokens.narrow(1, 0, 4).index_select(0, rows), tokens.narrow(1, 4, 2)], 1), context, isCausal: true).narrow(1, 4, 2));
    }
}
