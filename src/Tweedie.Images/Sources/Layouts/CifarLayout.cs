using System.IO.Enumeration;

namespace Tweedie.Images;

/// <summary>CIFAR's binary files.</summary>
internal sealed class CifarLayout : FolderLayout
{
    private readonly string _name;
    private readonly string _train;
    private readonly string _test;
    private readonly bool _isCifar100;

    private CifarLayout(string name, string train, string test, bool isCifar100) => (_name, _train, _test, _isCifar100) = (name, train, test, isCifar100);

    public static CifarLayout Cifar10 { get; } = new("CIFAR-10", "data_batch_*.bin", "test_batch.bin", isCifar100: false);

    public static CifarLayout Cifar100 { get; } = new("CIFAR-100", "train.bin", "test.bin", isCifar100: true);

    public override string Expected => $"{_name}'s {_train} and {_test}";

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) => Files(folder, split, cancellation).Length > 0;

    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) =>
        Files(folder, split, cancellation) is { Length: > 0 } files ? CifarSource.Open(_isCifar100, files, options.Notes) : null;

    private string[] Files(string folder, DataSplit split, CancellationToken cancellation)
    {
        if (split == DataSplit.Validation)
            return [];
        var pattern = split == DataSplit.Train ? _train : _test;
        return [.. Files(folder, cancellation).Where(name => FileSystemName.MatchesSimpleExpression(pattern, name)).Select(name => Path.Combine(folder, name))];
    }
}
