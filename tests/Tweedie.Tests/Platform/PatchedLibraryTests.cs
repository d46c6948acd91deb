using System.Security.Cryptography;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

public sealed class PatchedLibraryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Loading_leaves_the_original_unchanged()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the patch is for Linux");
        var original = LibtorchFolder.FindPackaged("LibTorchSharp")!;
        var before = (SHA256.HashData(File.ReadAllBytes(original)), File.GetLastWriteTimeUtc(original));

        TorchRuntime.EnsureLoaded();
        PatchedLibrary.Load(original).Should().NotBe(0);

        SHA256.HashData(File.ReadAllBytes(original)).Should().Equal(before.Item1);
        File.GetLastWriteTimeUtc(original).Should().Be(before.Item2);
    }

    [Fact]
    public void A_library_that_no_patch_helps_fails_with_the_reason()
    {
        var path = Path.Combine(_folder.FullName, "broken.so");
        File.WriteAllText(path, "no library");

        FluentActions.Invoking(() => PatchedLibrary.Load(path)).Should().Throw<DllNotFoundException>().WithMessage("*broken.so*");
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        var bytes = new byte[] { 1, 2, 3 };
        var path = PatchedLibrary.Store(bytes, _folder.FullName, "copy.so");
        File.WriteAllBytes(path, [1, 2]);

        PatchedLibrary.Store(bytes, _folder.FullName, "copy.so").Should().Be(path);

        File.ReadAllBytes(path).Should().Equal(bytes);
    }

    [Fact]
    public async Task Many_writers_at_once_leave_one_whole_copy()
    {
        var bytes = new byte[100_000];
        Array.Fill<byte>(bytes, 7);

        await Parallel.ForAsync(0, 16, (_, _) =>
        {
            File.ReadAllBytes(PatchedLibrary.Store(bytes, _folder.FullName, "copy.so")).AsSpan().SequenceEqual(bytes).Should().BeTrue();
            return ValueTask.CompletedTask;
        });

        _folder.GetFiles().Should().ContainSingle();
    }
}
