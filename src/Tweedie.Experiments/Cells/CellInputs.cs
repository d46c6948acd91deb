using Tweedie.Images;
using Tweedie.Training;

namespace Tweedie.Experiments.Cells;

/// <summary>What cells read but no cell makes: data sets, vocabularies, an encoder to begin with, a published CLIP.</summary>
public static class CellInputs
{
    /// <summary>The files and folders that the cells need but that do not exist, each once.</summary>
    public static IReadOnlyList<string> Missing(IEnumerable<ICell> cells) =>
        [.. cells.SelectMany(Of).Distinct().Where(path => !Path.Exists(path))];

    private static readonly string?[] Nothing = [];

    private static IEnumerable<string> Of(ICell cell)
    {
        var isTraining = cell is TrainingCell;
        IEnumerable<string?> paths = cell.Model.Config switch
        {
            ClassificationRun run => [run.Data.Train, run.Data.Test, .. isTraining ? [run.EncoderFrom, run.Model.Frozen?.Onnx] : Nothing],
            CaptionRun run when isTraining => [run.Data.Train, run.Data.Test, run.Tokenizer.Folder, run.EncoderFrom, run.Model.Frozen?.Onnx],
            CaptionRun run => [run.Data.Train, run.Data.Test], // the trained model has its own vocabulary and encoder
            AnnotationRun run => [run.Data.Train, run.Data.Test, isTraining ? run.Model.Frozen?.Onnx : null, (cell as RowCell)?.Test],
            TokensRun run => [run.Data.Train, run.Data.Held, (cell as RowCell)?.Test],
            ClipRun run => [run.Data.Train, run.Data.Test, isTraining ? run.Tokenizer.Folder : null],
            _ => [],
        };
        return paths.Append((cell as ClipScoreCell)?.Folder).OfType<string>().Where(path => !IsGenerated(path));
    }

    // Images such as shapes:…, and scenes:…
    private static bool IsGenerated(string path) => ImageSources.IsGenerated(path) || TokenTables.IsGenerated(path) || path.Split(':')[0] is "scenes";
}
