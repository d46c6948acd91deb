using System.Runtime.InteropServices;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class LoadedLibraryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_load_of_the_second_path_returns_the_loaded_library()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux keeps libraries by their path in this way");
        var (first, second, other) = (Copy("first.so"), Copy("second.so"), Copy("other.so"));
        var handle = NativeLibrary.Load(first);

        LoadedLibrary.Alias(handle, second);

        NativeLibrary.Load(second).Should().Be(handle);
        NativeLibrary.Load(other).Should().NotBe(handle, "an unnamed copy is a library of its own");
        File.ReadLines("/proc/self/maps").Should().NotContain(line => line.EndsWith(second, StringComparison.Ordinal));
    }

    /// <summary>A copy of the smallest library at hand.</summary>
    private string Copy(string name)
    {
        var source = LibtorchFolder.FindPackaged("torch_global_deps");
        Assert.SkipWhen(source is null, "needs the packaged libtorch");
        return new FileInfo(source).CopyTo(Path.Combine(_folder.FullName, name)).FullName;
    }
}
