using static TorchSharp.torch;

namespace Tweedie.Tests.Networks;

/// <summary>Counts a network's parameters without allocating them. It changes the default device, so only tests of <see cref="GlobalState"/> may use it.</summary>
internal static class ParameterCount
{
    public static long Of(Func<nn.Module> create)
    {
        var device = get_default_device();
        set_default_device(META);
        try
        {
            using var network = create();
            return network.parameters().Sum(parameter => parameter.numel());
        }
        finally
        {
            set_default_device(device);
        }
    }
}
