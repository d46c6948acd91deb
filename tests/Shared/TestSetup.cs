using System.Runtime.CompilerServices;
using Tweedie.Platform;
using Tweedie.Tests.Cli;

namespace Tweedie.Tests;

internal static class TestSetup
{
    /// <summary>Some tests call TorchSharp before they call Tweedie, whose setup would otherwise come too late.</summary>
    [ModuleInitializer]
    internal static void SetUpTorch() => RuntimeHelpers.RunModuleConstructor(typeof(TorchRuntime).Module.ModuleHandle);

    /// <summary>Before a command takes the console for its own.</summary>
    [ModuleInitializer]
    internal static void SetUpConsole() => RuntimeHelpers.RunClassConstructor(typeof(RoutedConsole).TypeHandle);
}
