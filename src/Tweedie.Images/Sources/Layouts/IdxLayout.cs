namespace Tweedie.Images;

/// <summary>IDX files, as MNIST's: images and, beside them, labels.</summary>
internal sealed class IdxLayout : FolderLayout
{
    public override string Expected => "IDX files train-images-idx3-ubyte[.gz] and t10k-images-idx3-ubyte[.gz]";

    public override bool Has(string folder, DataSplit split, CancellationToken cancellation) => Images(folder, split, cancellation).Count > 0;

    public override IImageSource? Open(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) =>
        Images(folder, split, cancellation) switch
        {
            [] => null,
            [var images] => new IdxSource(images, IdxSource.FindLabels(images)) { Warnings = [.. options.Notes, .. Unused(folder, split, options, cancellation)] },
            var several => throw new TweedieException($"'{folder}' holds several sets of images: {string.Join(", ", several.Select(Path.GetFileName))}; give the file of one of them."),
        };

    private static IEnumerable<string> Unused(string folder, DataSplit split, ImageSourceOptions options, CancellationToken cancellation) =>
        SplitNames.Unused(folder, [.. Parts(folder, cancellation).Select(part => part.Key).OfType<SplitPart>()], split, options);

    /// <summary>The images files of each part. A file that is there plain and gzipped counts once, as the plain one.</summary>
    private static ILookup<SplitPart?, string> Parts(string folder, CancellationToken cancellation) => Files(folder, cancellation)
        .Where(name => name.Contains("images", StringComparison.OrdinalIgnoreCase) && name.Contains("idx3", StringComparison.OrdinalIgnoreCase))
        .DistinctBy(name => name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name).ToLookup(SplitNames.In);

    /// <summary>The images files of the best part that can be the split.</summary>
    private static List<string> Images(string folder, DataSplit split, CancellationToken cancellation)
    {
        var images = Parts(folder, cancellation);
        return SplitNames.Choices(split, [.. images.Select(part => part.Key).OfType<SplitPart>()]).Select(part => images[part].Select(name => Path.Combine(folder, name)).ToList()).FirstOrDefault(files => files.Count > 0) ?? [];
    }
}
