using static TorchSharp.torch;

namespace Tweedie.Networks;

/// <summary>Turns the input of a model into the condition tokens that its tokens are predicted from. An image encoder is one.</summary>
public interface IConditioner
{
    /// <summary>The network, whose parameters are trained and saved under <c>encoder.*</c>.</summary>
    nn.Module Network { get; }

    /// <summary>Width of a condition token.</summary>
    int Width { get; }

    /// <summary>M, the number of condition tokens.</summary>
    int Tokens { get; }

    /// <summary>Inputs, their first dimension B, to condition tokens (B, M, width).</summary>
    Tensor Condition(Tensor input);
}
