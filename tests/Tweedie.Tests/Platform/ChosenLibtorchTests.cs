using System.Diagnostics;
using TorchSharp;
using Tweedie.Platform;

namespace Tweedie.Tests.Platform;

/// <summary>
/// A process has one libtorch, so each test here starts a process, which runs one of the explicit tests with the variable set.
/// </summary>
public sealed class ChosenLibtorchTests : IDisposable
{
    private static readonly string[] Libraries = ["libc10.so", "libtorch_cpu.so", "libtorch.so"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tweedie-tests-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_chosen_libtorch_is_the_only_one_in_the_process()
    {
        var packaged = Path.GetDirectoryName(LibtorchFolder.FindPackaged("torch_cpu"));
        Assert.SkipUnless(OperatingSystem.IsLinux() && packaged is not null, "needs Linux and the packaged libtorch");
        Assert.SkipWhen(LibtorchFolder.FindPackaged("torch_cuda") is not null, "a libtorch with CUDA is too large to copy");
        // Copies are needed, because a link is the same file to the loader and could hide a second library.
        string[] files = [.. Libraries.Select(library => Path.Combine(packaged!, library)), .. Directory.GetFiles(packaged!, "libgomp*")];
        foreach (var file in files.Select(file => new FileInfo(file)))
            file.CopyTo(Path.Combine(_folder.FullName, file.Name));

        await RunAsync(nameof(Probe_the_loaded_libraries), _folder.FullName);
    }

    [Fact]
    public Task A_folder_that_does_not_exist_is_reported() =>
        RunAsync(nameof(Probe_the_error), Path.Combine(_folder.FullName, "absent"));

    [Fact]
    public Task A_folder_without_libtorch_is_reported() => RunAsync(nameof(Probe_the_error), _folder.FullName);

    [Fact(Explicit = true)]
    public void Probe_the_loaded_libraries()
    {
        using var ones = torch.ones(2, 3);
        ones.sum().item<float>().Should().Be(6);

        var folder = Environment.GetEnvironmentVariable(LibtorchFolder.Variable)!;
        File.ReadLines("/proc/self/maps").Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct()
            .Where(path => Libraries.Contains(Path.GetFileName(path)))
            .Should().BeEquivalentTo(Libraries.Select(library => Path.Combine(folder, library)));
    }

    [Fact(Explicit = true)]
    public void Probe_the_error()
    {
        var folder = Environment.GetEnvironmentVariable(LibtorchFolder.Variable);
        var message = $"TWEEDIE_LIBTORCH: the folder '{folder}' *; set it to a folder such as *";

        FluentActions.Invoking(TorchRuntime.EnsureLoaded).Should().Throw<TweedieException>().WithMessage(message)
            .Which.Message.Should().NotContain("\n");
        FluentActions.Invoking(() => torch.ones(1)).Should().Throw<TypeInitializationException>()
            .WithInnerException<TweedieException>().WithMessage(message);
    }

    private static async Task RunAsync(string test, string folder)
    {
        var program = Environment.ProcessPath!;
        string[] assembly = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ChosenLibtorchTests).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, [.. assembly, "--explicit", "only", "--filter-method", $"*.{test}"])
        {
            RedirectStandardOutput = true,
            Environment = { [LibtorchFolder.Variable] = folder },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, output);
    }
}
