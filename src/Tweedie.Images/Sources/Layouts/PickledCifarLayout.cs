namespace Tweedie.Images;

/// <summary>The Python version of CIFAR, which is named as what it is and not read: only Python reads its pickled objects.</summary>
internal sealed class PickledCifarLayout : FolderLayout
{
    private static readonly (string[] Files, string Name)[] Versions =
        [(["batches.meta", "data_batch_1"], "CIFAR-10"), (["batches.meta", "test_batch"], "CIFAR-10"), (["meta", "train", "test"], "CIFAR-100")];

    public override string Expected => "CIFAR's binary version";

    public override bool Fits(string folder, CancellationToken cancellation) => Version(folder) is not null;

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) => true;

    public override IImageSource Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation)
    {
        var name = Version(folder)!;
        throw new TweedieException($"'{folder}' holds the Python version of {name} (pickled objects), which only Python reads: "
            + $"fetch the binary version, {name.ToLowerInvariant()}-binary.tar.gz, from the same page.");
    }

    private static string? Version(string folder) =>
        Versions.FirstOrDefault(version => version.Files.All(file => File.Exists(Path.Combine(folder, file)))).Name;
}
