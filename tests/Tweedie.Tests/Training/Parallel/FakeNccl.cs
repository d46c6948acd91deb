using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Tweedie.Training;
using static TorchSharp.torch;

namespace Tweedie.Tests.Training;

/// <summary>A library with the functions of NCCL and of CUDA's driver, over plain memory, which the C compiler makes of <c>fake_nccl.c</c>.</summary>
internal sealed unsafe class FakeNccl : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly nint _library;

    /// <summary>Compiles and loads it; skips the calling test where there is no C compiler.</summary>
    public FakeNccl()
    {
        var source = Path.Combine(Shared.RepositoryRoot, "tests", "Tweedie.Tests", "Training", "Parallel", "fake_nccl.c");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo("gcc", ["-O1", "-shared", "-fPIC", "-o", File, source, "-lpthread"]) { RedirectStandardError = true })!;
            var error = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            compiler.ExitCode.Should().Be(0, error);
        }
        catch (Win32Exception)
        {
            Assert.Skip("needs gcc, to compile a stand-in for NCCL");
        }
        _library = NativeLibrary.Load(File);
        Library = NcclLibrary.Load([File]);
    }

    /// <summary>The library as NCCL's.</summary>
    public NcclLibrary Library { get; }

    private string File => _folder.File("libfakenccl.so");

    /// <summary>The driver's view of a device.</summary>
    public CudaContext Device(int number) => new([File], number);

    /// <summary>A rank of several, whose tensors are on the CPU.</summary>
    public Nccl Join(int rank, int size, byte[] identity, double seconds = 60) =>
        new(Library, Device(rank), CPU, (rank, size), identity, TimeSpan.FromSeconds(seconds));

    /// <summary>Lets the next call of a function fail.</summary>
    public void Fail(string function, int code) => Call(function, text => ((delegate* unmanaged<byte*, int, void>)Address("fake_fail"))(text, code));

    /// <summary>How often a function was called.</summary>
    public int Calls(string function)
    {
        var calls = 0;
        Call(function, text => calls = ((delegate* unmanaged<byte*, int>)Address("fake_calls"))(text));
        return calls;
    }

    public void Dispose()
    {
        if (_library != 0)
            ((delegate* unmanaged<void>)Address("fake_reset"))();
        _folder.Dispose();
    }

    private delegate void WithText(byte* text);

    private static void Call(string function, WithText call)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes($"{function}\0"))
            call(text);
    }

    private nint Address(string name) => NativeLibrary.GetExport(_library, name);
}
