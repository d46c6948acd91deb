using Tweedie.Evaluation;
using Tweedie.Images;
using Tweedie.Models;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>A trained model of rows of tokens with its test rows.</summary>
internal sealed class OpenRows : IDisposable
{
    private readonly IDisposable _owner;

    private OpenRows(IDisposable owner, TokenModel model, Func<int, IEnumerable<IEvaluatedItems>> items, Func<int, long[]> readRow) =>
        (_owner, Model, Items, ReadRow) = (owner, model, items, readRow);

    /// <summary>The model.</summary>
    public TokenModel Model { get; }

    /// <summary>The test items, so many at a time.</summary>
    public Func<int, IEnumerable<IEvaluatedItems>> Items { get; }

    /// <summary>Reads the right row of an item.</summary>
    public Func<int, long[]> ReadRow { get; }

    /// <summary>Opens the model of a training.</summary>
    /// <exception cref="TweedieException">A file cannot be read, or the rows do not fit the model.</exception>
    public static OpenRows Open(TrainingCell training, string test, CellContext context) => context.Open(training, folder =>
    {
        if (training.Config is AnnotationRun)
        {
            var annotator = ImageAnnotator.Load(folder, context.Device);
            var images = AnnotatedSources.Open(test, DataSplit.Test, new() { Channels = annotator.Options.Input.Channels }, model: annotator.Columns);
            return new OpenRows(annotator, annotator.Model, size => EncodedImages.Stream(annotator.Model, images, size), index =>
            {
                var row = new long[images.Columns.Count];
                images.ReadRow(index, row);
                return row;
            });
        }
        var generator = RowGenerator.Load(folder, context.Device);
        var table = TokenTables.Open(test, DataSplit.Test, new() { Vocabulary = generator.Columns });
        return new OpenRows(generator, generator.Model, _ => [EvaluatedRows.Problems(generator, table)], index =>
        {
            var row = new long[table.Length];
            table.Read(epoch: 0, index, row, new bool[table.Length]);
            return row;
        });
    });

    /// <inheritdoc/>
    public void Dispose() => _owner.Dispose();
}
