using static TorchSharp.torch;

namespace Tweedie.Diffusion;

/// <summary>The two to-one rules of the paper (A.2).</summary>
public static class ToOne
{
    /// <summary>argmax, then one-hot: the paper's default.</summary>
    public static IToOne Argmax { get; } = new ArgmaxRule();

    /// <summary>A draw from softmax(logits), then one-hot.</summary>
    public static IToOne Multinomial { get; } = new MultinomialRule();

    /// <summary>The rule of that name.</summary>
    public static IToOne Create(ToOneKind kind) => kind == ToOneKind.Argmax ? Argmax : Multinomial;

    private sealed class ArgmaxRule : IToOne
    {
        public Tensor Choose(Tensor logits, Generator generator) => logits.argmax(-1);
    }

    private sealed class MultinomialRule : IToOne
    {
        public Tensor Choose(Tensor logits, Generator generator)
        {
            using var scope = NewDisposeScope();
            var rows = nn.functional.softmax(logits.to(float32), -1).flatten(0, 1);
            return multinomial(rows, 1, generator: generator).view(logits.shape[0], logits.shape[1]).MoveToOuterDisposeScope();
        }
    }
}
