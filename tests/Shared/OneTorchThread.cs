using TorchSharp;

[assembly: AssemblyFixture(typeof(Tweedie.Tests.OneTorchThread))]

namespace Tweedie.Tests;

/// <summary>
/// Sets one thread for torch's operations, which are tiny here. Several threads would wait for one another while tests run side by side:
/// on a busy machine, a training of one second then takes a minute.
/// </summary>
public sealed class OneTorchThread
{
    public OneTorchThread()
    {
        // The tests of TWEEDIE_LIBTORCH run this program again with folders from which nothing can be loaded.
        if (Environment.GetEnvironmentVariable("TWEEDIE_LIBTORCH") is null)
            torch.set_num_threads(1);
    }
}
