using System.Runtime.CompilerServices;
using Tweedie.Platform;

namespace Tweedie.Tests;

internal static class TestSetup
{
    /// <summary>Some tests call TorchSharp before they call Tweedie, whose setup would otherwise come too late.</summary>
    [ModuleInitializer]
    internal static void SetUpTorch() => RuntimeHelpers.RunModuleConstructor(typeof(TorchRuntime).Module.ModuleHandle);
}
