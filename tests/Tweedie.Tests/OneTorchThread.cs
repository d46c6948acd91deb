using TorchSharp;
using Tweedie.Platform;

[assembly: AssemblyFixture(typeof(Tweedie.Tests.OneTorchThread))]

namespace Tweedie.Tests;

/// <summary>
/// One thread for torch's operations, which are tiny here. Several would wait for one another while tests run side by side:
/// on a busy machine, a training of a second then takes a minute.
/// </summary>
public sealed class OneTorchThread
{
    public OneTorchThread()
    {
        if (!LibtorchFolder.IsChosen) // the tests of a chosen libtorch load it themselves
            torch.set_num_threads(1);
    }
}
