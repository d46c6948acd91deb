using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Tweedie.Storage;

namespace Tweedie.Experiments.Cells;

/// <summary>The finished cells of a reproduction: one JSON file each, named by its kind and a hash of its identity.</summary>
/// <param name="folder">The folder of the files.</param>
public sealed class CellStore(string folder)
{
    /// <summary>A cell's key: 16 hexadecimal digits.</summary>
    public static string Key(ICell cell) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{cell.Kind}\n{cell.Identity}")))[..16];

    /// <summary>Whether the cell is finished.</summary>
    public bool Has(ICell cell) => File.Exists(FileOf(cell));

    /// <summary>The result of a finished cell.</summary>
    /// <exception cref="TweedieException">It is not finished, or its file is damaged.</exception>
    public TResult Read<TResult>(ICell<TResult> cell) => ExperimentJson.Read<CellRecord<TResult>>(FileOf(cell)).Result;

    /// <summary>The finished trainings, by title.</summary>
    public IReadOnlyList<CellRecord<TrainingResult>> Trainings() => !Directory.Exists(folder) ? []
        : [.. Directory.GetFiles(folder, "training-*.json").Select(ExperimentJson.Read<CellRecord<TrainingResult>>).OrderBy(cell => cell.Title, StringComparer.Ordinal)];

    /// <summary>Does a cell's work, unless it is finished, and keeps the result.</summary>
    public void Finish<TResult>(ICell<TResult> cell, CellContext context, CancellationToken cancellation)
    {
        if (Has(cell))
            return;
        var watch = Stopwatch.StartNew();
        var result = cell.Run(context, cancellation);
        Folder.Create(folder);
        ExperimentJson.Write(FileOf(cell), new CellRecord<TResult>(cell.Title, cell.Identity, watch.Elapsed.TotalSeconds, result));
    }

    private string FileOf(ICell cell) => Path.Combine(folder, $"{cell.Kind}-{Key(cell)}.json");
}
