using static TorchSharp.torch;

namespace Tweedie.Tests.Models;

/// <summary>Small untrained networks.</summary>
internal static class TinyNetwork
{
    /// <summary>Gives a network weights so large that conditions and draws differ, from a generator of its own.</summary>
    public static void Randomize(nn.Module network)
    {
        using var generator = new Generator(4);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (var parameter in network.parameters())
        {
            if (parameter.dim() > 1)
                parameter.zero_(); // its initial values come from the global generator, which other tests draw from
            parameter.Increase(randn(parameter.shape, float32, generator: generator).Times(0.3));
        }
    }
}
