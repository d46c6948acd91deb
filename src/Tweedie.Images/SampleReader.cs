namespace Tweedie.Images;

/// <summary>
/// Makes one sample of a batch: its input and its targets. A pure function of (seed, epoch, index); called from several threads at once.
/// </summary>
internal sealed class SampleReader
{
    private readonly IImageSource _source;
    private readonly ISampleInput _input;
    private readonly ImageLoaderOptions _options;
    private readonly TargetRow? _targets;

    public SampleReader(IImageSource source, ISampleInput input, ImageLoaderOptions options, TargetRow? targets)
    {
        (_source, _input, _options, _targets) = (source, input, options, targets);
        Tokens = targets?.Invoke(epoch: 0, index: 0).Length;
    }

    /// <summary>The shape of every sample's input.</summary>
    public ImageShape Shape => _input.Shape;

    /// <summary>Tokens of a row; null where targets are labels.</summary>
    public int? Tokens { get; }

    /// <summary>
    /// Fills a place of a batch with the image whose index it has. Where that image cannot be read, another one takes the place and its
    /// index, if the batch is to stay full.
    /// </summary>
    public void Fill(PendingBatch batch, int place, int epoch)
    {
        batch.BadImages[place] = TryFill(batch.Indices[place], epoch, batch.Image(place));
        if (batch.BadImages[place] is { } bad)
        {
            if (!_options.DropLast)
                return;
            batch.Indices[place] = FillAnother(bad, epoch, batch.Image(place));
        }
        WriteTargets(batch.Targets(place), epoch, batch.Indices[place]);
    }

    private void WriteTargets(Span<long> row, int epoch, int index)
    {
        if (_targets is null)
        {
            row[0] = _source.GetLabel(index);
            return;
        }

        var tokens = _targets(epoch, index);
        if (tokens.Length != row.Length)
            throw new InvalidOperationException($"{_source.Describe(index)} has {tokens.Length} tokens, but {_source.Describe(0)} has {row.Length}.");
        tokens.CopyTo(row);
    }

    // An image without the label that it is read for is as bad as one that cannot be read.
    private BadImage? TryFill(int index, int epoch, Span<float> values)
    {
        try
        {
            if (_targets is null)
                _ = _source.GetLabel(index);
        }
        catch (TweedieException error) when (_options.MaxBadShare > 0)
        {
            return new BadImage(index, error.Message);
        }
        return _input.Fill(epoch, index, values);
    }

    /// <summary>Draws images until one can be read: first of the same block, which is at hand, then of all.</summary>
    private int FillAnother(BadImage bad, int epoch, Span<float> values)
    {
        var random = new SampleRandom(Seeds.Derive(_options.Seed, SeedPurpose.Replace, epoch, bad.Index));
        var (start, count) = EpochOrder.BlockOf(_source, bad.Index);
        for (var attempt = 0; attempt < BadImageBudget.TooManyInARow; attempt++)
        {
            var nearby = count > 1 && attempt < BadImageBudget.TooManyInARow / 2;
            var index = nearby ? start + random.NextInt(count) : random.NextInt(_source.Count);
            if (TryFill(index, epoch, values) is null)
                return index;
        }

        throw new TweedieException($"'{_source.Name}': none of {BadImageBudget.TooManyInARow} other images can be read in place of this one: {bad.Reason}");
    }
}
