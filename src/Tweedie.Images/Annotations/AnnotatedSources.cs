using Tweedie.Tokens;

namespace Tweedie.Images;

/// <summary>Opens images with attributes by what a user writes in a config file or on the command line.</summary>
public static class AnnotatedSources
{
    private static readonly string[] Suffixes = [".csv", ".tsv", ".jsonl", ".ndjson"];

    /// <summary>
    /// Opens a split of a data set. The specification is one of
    /// <list type="bullet">
    /// <item>a folder, a file or a pattern of tables, CSV or JSON lines, whose rows name image files (<see cref="AnnotatedTable"/>); a folder has splits where folders or
    /// words in file names say train, and test, val or valid,</item>
    /// <item><c>scenes:count=5000,size=32,seed=1</c>: generated images (<see cref="SceneAttributes"/>).</item>
    /// </list>
    /// </summary>
    /// <param name="specification">The specification.</param>
    /// <param name="split">Which part.</param>
    /// <param name="options">How the images are read; classes are not used.</param>
    /// <param name="columns">The attributes that are read, in this order; by default all columns but that of the files.</param>
    /// <param name="model">The attributes of a model, which the data must fit; null to take those of the data.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">Nothing is recognised, the split is missing, a file cannot be read, or the data do not fit the model.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static IAnnotatedSource Open(string specification, DataSplit split, ImageSourceOptions? options = null, IReadOnlyList<string>? columns = null,
        TokenColumns? model = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(specification);
        options ??= new();
        if (CaptionSources.IsGenerated(specification))
            return Scenes(specification, split, columns, model);
        if (!Path.Exists(specification) && !specification.AsSpan().ContainsAny('*', '?'))
            throw new TweedieException($"'{specification}' is neither a table of images nor generated data such as 'scenes:count=5000,size=32,seed=1'.");
        var files = DataFiles.Find(specification, split, Suffixes, "tables", cancellation);
        return new AnnotatedTable(specification, files.Paths, options.ImageColumn, new() { Columns = columns, Vocabulary = model }, options.Channels, cancellation);
    }

    /// <summary>The images to learn from and those held out; null where none are.</summary>
    /// <param name="data">The run's data options.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="channels">What image files decode to.</param>
    /// <param name="columns">The attributes that are read.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="TweedieException">A data set cannot be opened, or the options do not fit it.</exception>
    public static (IAnnotatedSource Train, IAnnotatedSource? Held) Split(
        DataOptions data, long seed, int channels = 3, IReadOnlyList<string>? columns = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(data);
        var all = Open(data.Train, DataSplit.Train, data.Opening(channels), columns, cancellation: cancellation);
        return Holdout.Open(data, all, () => Open(data.Train, DataSplit.Validation, data.Opening(channels), columns, all.Columns, cancellation),
            (source, indices) => new AnnotatedSubset(source, indices), seed);
    }

    private static SceneAttributes Scenes(string specification, DataSplit split, IReadOnlyList<string>? columns, TokenColumns? model)
    {
        if (columns is not null)
            throw new TweedieException($"'{specification}': generated scenes have their own attributes, so that no columns can be chosen; leave them out.");
        var scenes = new SceneAttributes(SceneSpecification.Parse(specification["scenes".Length..].TrimStart(':')).Open(split));
        return model is null || model.Select(column => column.Name).SequenceEqual(scenes.Columns.Select(column => column.Name)) ? scenes
            : throw new TweedieException($"'{specification}': has the attributes {OneLine.Of(string.Join(", ", scenes.Columns.Select(column => column.Name)))}, and the model has {OneLine.Of(string.Join(", ", model.Select(column => column.Name)))}.");
    }
}
