namespace Tweedie.Images;

/// <summary>CIFAR's binary files.</summary>
internal sealed class CifarLayout : FolderLayout
{
    private readonly string _name;
    private readonly string _train;
    private readonly string _test;
    private readonly Func<IReadOnlyList<string>, IReadOnlyList<string>?, CifarSource> _open;

    private CifarLayout(string name, string train, string test, Func<IReadOnlyList<string>, IReadOnlyList<string>?, CifarSource> open) =>
        (_name, _train, _test, _open) = (name, train, test, open);

    public static CifarLayout Cifar10 { get; } = new("CIFAR-10", "data_batch_*.bin", "test_batch.bin", CifarSource.OpenCifar10);

    public static CifarLayout Cifar100 { get; } = new("CIFAR-100", "train.bin", "test.bin", CifarSource.OpenCifar100);

    public override string Expected => $"{_name}'s {_train} and {_test}";

    public override bool Has(string folder, DataSplit split) => Files(folder, split).Length > 0;

    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options) =>
        Files(folder, split) is { Length: > 0 } files ? _open(files, options.ClassNames) : null;

    private string[] Files(string folder, DataSplit split) =>
        [.. Directory.GetFiles(folder, split == DataSplit.Train ? _train : _test).Order(StringComparer.Ordinal)];
}
